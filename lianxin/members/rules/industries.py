"""The sections of the national classification of industries, and the words rolls use for them.

GB/T 4754-2017 with its amendment of 2019: twenty sections, A to T.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Section, English, the official term, words by which a roll may call it.
SECTIONS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("A", "Farming, forestry, fishing", "农、林、牧、渔业", ("农", "林业", "牧", "渔")),
    ("B", "Mining", "采矿业", ("采矿", "煤炭", "采掘", "矿业")),
    ("C", "Manufacturing", "制造业", ("制造", "加工", "机械", "纺织", "化工", "冶金")),
    ("D", "Electricity, heat, gas, water", "电力、热力、燃气及水生产和供应业", ("电力", "热力", "燃气", "供水", "自来水")),
    ("E", "Construction", "建筑业", ("建筑", "施工", "装修")),
    ("F", "Wholesale and retail", "批发和零售业", ("批发", "零售", "商贸", "超市")),
    ("G", "Transport, storage, post", "交通运输、仓储和邮政业", ("交通", "运输", "仓储", "邮政", "快递", "物流", "货运", "公交")),
    ("H", "Lodging and catering", "住宿和餐饮业", ("住宿", "餐饮", "酒店", "外卖")),
    ("I", "Information and software", "信息传输、软件和信息技术服务业", ("信息", "软件", "互联网", "通信", "电信")),
    ("J", "Finance", "金融业", ("金融", "银行", "保险", "证券")),
    ("K", "Real estate", "房地产业", ("房地产", "物业")),
    ("L", "Leasing and business services", "租赁和商务服务业", ("租赁", "商务", "劳务", "保安")),
    ("M", "Research and technical services", "科学研究和技术服务业", ("科学研究", "科研", "技术服务", "勘察")),
    ("N", "Water, environment, public facilities", "水利、环境和公共设施管理业", ("水利", "环境", "环卫", "公共设施", "园林")),
    ("O", "Household and repair services", "居民服务、修理和其他服务业", ("居民服务", "修理", "家政", "美容")),
    ("P", "Education", "教育", ("教育", "学校")),
    ("Q", "Health and social work", "卫生和社会工作", ("卫生", "医疗", "医院", "养老", "社会工作")),
    ("R", "Culture, sports, entertainment", "文化、体育和娱乐业", ("文化", "体育", "娱乐", "新闻", "出版")),
    ("S", "Public administration", "公共管理、社会保障和社会组织", ("公共管理", "机关", "社会保障", "社会组织", "政府")),
    ("T", "International organisations", "国际组织", ("国际组织",)),
)  # fmt: skip
_CODE = re.compile(r"([A-Ta-t])(?:\d{2,4})?(?!\w)")


# The last division of each section: 13 to 43 is manufacturing.
_ENDS = (5, 12, 43, 46, 50, 52, 60, 62, 65, 69, 70, 72, 75, 79, 82, 83, 85, 90, 96, 97)


@lru_cache(4096)
def industry_of(text: str) -> str:
    """Return the section a roll means: a code (C, C35, 3511) or a word for it; "" if none is known."""
    if not text:
        return ""
    if found := _CODE.match(text):
        return found[1].upper()
    if text.isdigit() and 2 <= len(text) <= 4:
        division = int(text[:2])
        ends = zip(SECTIONS, _ENDS, strict=True)
        return next((row[0] for row, end in ends if 0 < division <= end), "")
    for code, english, official, _words in SECTIONS:
        if text in {official, english}:
            return code
    return next((code for code, *_names, words in SECTIONS if any(w in text for w in words)), "")
