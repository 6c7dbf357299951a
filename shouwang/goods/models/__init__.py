"""What goods keeps, one file a subject."""

from shouwang.goods.models.custody import Handover, Holding
from shouwang.goods.models.donations import Donation, DonationNumber
from shouwang.goods.models.gifts import GiftLine, GiftList, GiftPosting
from shouwang.goods.models.medicine import (
    MedicineAsk,
    MedicineErrand,
    MedicineIssue,
    MedicineLimit,
    MedicineNote,
    MedicineNumber,
    MedicineOffer,
)
from shouwang.goods.models.parcels import Parcel, ParcelNumber, ParcelStep
from shouwang.goods.models.runs import KeptApart, Run, RunCarrier, RunPlan, RunStop, StopParcel
from shouwang.goods.models.stocktakes import Count, CountLine, StockTake
from shouwang.goods.models.store import Act, Balance, Item, Lot, Movement, Shelf

__all__ = [
    "Act",
    "Balance",
    "Count",
    "CountLine",
    "Donation",
    "DonationNumber",
    "GiftLine",
    "GiftList",
    "GiftPosting",
    "Handover",
    "Holding",
    "Item",
    "KeptApart",
    "Lot",
    "MedicineAsk",
    "MedicineErrand",
    "MedicineIssue",
    "MedicineLimit",
    "MedicineNote",
    "MedicineNumber",
    "MedicineOffer",
    "Movement",
    "Parcel",
    "ParcelNumber",
    "ParcelStep",
    "Run",
    "RunCarrier",
    "RunPlan",
    "RunStop",
    "Shelf",
    "StockTake",
    "StopParcel",
]
