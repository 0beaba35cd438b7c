import re


def first_bad_line(report, file):
    pieces = re.split(rf'["/]{re.escape(file)}"', report)
    if len(pieces) == 1:
        return None
    return int(re.findall(r"\d+", pieces[-1])[-1])
