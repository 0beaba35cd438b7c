def first_bad_line(report, file):
    last = None
    for place, line in enumerate(report.splitlines(), 1):
        if line.startswith('  File "') and line.split('"')[1].split("/")[-1] == file:
            last = place
    return last
