import unittest

from rectangle import Rectangle


class RectangleTest(unittest.TestCase):
    def setUp(self):
        self.sheet = Rectangle(4, 3)

    def test_area(self):
        self.assertEqual(self.sheet.area, 12)
        self.assertEqual(Rectangle(5, 1).area, 5)

    def test_fits_into_something_larger(self):
        self.assertTrue(self.sheet.fits_into(5, 4))
        self.assertTrue(self.sheet.fits_into(10, 4))
        self.assertTrue(self.sheet.fits_into(4, 8))

    def test_fits_into_its_own_size(self):
        self.assertTrue(self.sheet.fits_into(4, 3))

    def test_too_wide(self):
        self.assertFalse(self.sheet.fits_into(3, 9))

    def test_too_high(self):
        self.assertFalse(self.sheet.fits_into(9, 2))
        self.assertFalse(self.sheet.fits_into(2, 2))
