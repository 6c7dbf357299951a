"""What goods keeps, one file a subject."""

from shouwang.goods.models.custody import Handover, Holding
from shouwang.goods.models.donations import Donation, DonationNumber
from shouwang.goods.models.parcels import Parcel, ParcelNumber, ParcelStep
from shouwang.goods.models.stocktakes import Count, CountLine, StockTake
from shouwang.goods.models.store import Act, Balance, Item, Lot, Movement, Shelf

__all__ = [
    "Act",
    "Balance",
    "Count",
    "CountLine",
    "Donation",
    "DonationNumber",
    "Handover",
    "Holding",
    "Item",
    "Lot",
    "Movement",
    "Parcel",
    "ParcelNumber",
    "ParcelStep",
    "Shelf",
    "StockTake",
]
