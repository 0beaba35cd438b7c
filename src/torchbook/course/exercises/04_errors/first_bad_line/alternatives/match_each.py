import re

ENTRY = re.compile(r'  File "(?P<path>[^"]+)", line (?P<line>\d+)')


def first_bad_line(report, file):
    matches = [match for match in map(ENTRY.match, report.splitlines()) if match]
    own = [match for match in matches if match["path"] == file or match["path"].endswith("/" + file)]
    return int(own[-1]["line"]) if own else None
