"""The figures of the report: each a record of numbers that draws itself as SVG."""
