"""Stands for open-instruct's module of this name."""


def print_rich_single_line_metrics(metrics):
    print(metrics)
