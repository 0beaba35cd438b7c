"""`python -m torchbook` is the command `torchbook`."""

import sys

from torchbook.cli import main

if __name__ == "__main__":
    sys.exit(main())
