import re


def first_bad_line(report, file):
    lines = [line for line in report.splitlines() if line.startswith('  File "')]
    line = lines[-2] if len(lines) > 1 else lines[-1]
    return int(re.search(r"line (\d+)", line)[1])
