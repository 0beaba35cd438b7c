import re


def first_bad_line(report, file):
    path, number = re.findall(r'^  File "([^"]+)", line (\d+)', report, flags=re.MULTILINE)[-1]
    if path.split("/")[-1] == file:
        return int(number)
    return None
