"""A small package: absolute and relative imports, a subpackage, a data file."""
from .words import count
from . import tables

__version__ = '1.2'
