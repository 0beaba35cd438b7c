def first_bad_line(report, file):
    number = None
    for line in report.splitlines():
        if file in line:
            number = int(line.split("line ")[1].split(",")[0])
    return number
