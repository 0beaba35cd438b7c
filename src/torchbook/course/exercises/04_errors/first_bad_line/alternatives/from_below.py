def first_bad_line(report, file):
    for line in reversed(report.splitlines()):
        if line.startswith('  File "'):
            _, path, rest = line.split('"', 2)
            if path.split("/")[-1] == file:
                return int(rest.split(",")[1].split()[1])
    return None
