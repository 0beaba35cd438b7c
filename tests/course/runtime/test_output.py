from matplotlib.figure import Figure

from torchbook.course.runtime.output import shown


def test_what_is_black_by_itself_in_a_figure_has_the_colour_of_the_page():
    figure = Figure()
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="#123456", label="a line")
    axes.text(0.5, 0.5, "on a picture", color="black")
    axes.set(xlabel="across", title="A title")
    axes.set_ylabel("up", color="#654321")
    axes.legend()
    svg = shown(figure)["drawing"]
    words = {
        text: part
        for part in svg.split("<text")[1:]
        for text in ("across", "up", "on a picture", "a line")
        if f">{text}<" in part
    }
    assert 'fill="currentColor"' in words["across"] and 'fill="currentColor"' in words["a line"]
    assert 'fill="#654321"' in words["up"] and "currentColor" not in words["on a picture"].partition("</text>")[0]
    assert 'stroke="#123456"' in svg and "font-family" not in svg and "#010203" not in svg
    assert shown(figure)["drawing"] == svg
