"""A photo as a telephone takes it: with the place, the time and the device in it."""

import base64
from io import BytesIO

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

DEVICE = "Pixel-Telefon-7771"


def photo_with_place(width: int = 640, height: int = 480) -> str:
    """Base64, as a request carries it."""
    exif = Image.Exif()
    exif[Base.Model] = DEVICE
    exif.get_ifd(IFD.GPSInfo).update({GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (24.0, 52.0, 35.5)})
    file = BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(file, "JPEG", exif=exif)
    return base64.b64encode(file.getvalue()).decode()
