import re


def first_bad_line(report, file):
    """The number of the line in the lowest entry of a traceback that is in the file, None if there is none."""
    entry = rf'^  File "(?:.*/)?{re.escape(file)}", line (\d+)'
    numbers = re.findall(entry, report, flags=re.MULTILINE)
    return int(numbers[-1]) if numbers else None
