"""Lessons with their outputs for Jupyter, for a browser without a server, and for a code host.

played     runs a lesson in order            markup       HTML as a tree
parts      what there is on its page         still        what moves, standing still
page, text, jupyter   the three formats      session      what a notebook needs while it runs
"""

from torchbook.course.export.command import lessons

__all__ = ["lessons"]
