"""The peak memory of a training, in a process of its own.

TORCHBOOK_DATA=... python benchmarks/memory.py train mlp --data mnist --epochs 1
"""

import resource
import subprocess
import sys

if __name__ == "__main__":
    done = subprocess.run([sys.executable, "-m", "torchbook", *sys.argv[1:]], stdout=subprocess.DEVNULL)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"torchbook {' '.join(sys.argv[1:])}: peak {peak:.0f} MB, exit status {done.returncode}")
