"""Golden rows of 2027, whose notice is not known: by the regulation alone, and as if a notice had been entered.

The regulation (全国年节及纪念日放假办法, as amended 2024) gives 1 January; New Year's Eve by the lunar calendar and the
three days after it; Tomb-sweeping; 1 and 2 May; Dragon Boat; Mid-Autumn; 1 to 3 October. A day of these on a weekend is
made up for on the next working day (Article 6). In 2027: Fri 1 January | Fri 5 to Mon 8 February, Tue 9 and Wed 10 for
the weekend | Mon 5 April | Sat 1 and Sun 2 May, Mon 3 and Tue 4 for them | Wed 9 June | Wed 15 September | Fri 1 to
Sun 3 October, Mon 4 and Tue 5 for the weekend.
"""

# All of these are provisional.
ROWS_UNPUBLISHED = """
# the last week of 2026 may still be moved by the notice for 2027, as that for 2019 moved Sat 29 December 2018
2026-12-24 Thu 10:00 | 1 working_day | 2026-12-25 Fri 17:30 | the first day the notice could touch
2026-12-31 Thu 10:00 | 1 working_day | 2027-01-04 Mon 17:30 | Fri 1 January, then a weekend
2026-12-31 Thu 17:25 | 15 working_minute | 2027-01-04 Mon 08:10 | 5 min before, 10 after
2026-12-02 Wed 10:00 | 30 calendar_day | 2027-01-04 Mon 17:30 | 29 + 1 = 1 January
2026-12-01 Tue 10:00 | 1 month | 2027-01-04 Mon 17:30 | 1 January is off
# Spring Festival
2027-01-29 Fri 10:00 | 5 working_day | 2027-02-11 Thu 17:30 | Feb 1, 2, 3, 4, six days off, Thu 11
2027-02-04 Thu 10:00 | 1 working_day | 2027-02-11 Thu 17:30 | Fri 5 to Wed 10 off
2027-02-04 Thu 23:59 | 1 calendar_day | 2027-02-11 Thu 17:30 | the eve moves past all of it
2027-02-07 Sun 10:00 | 15 working_minute | 2027-02-11 Thu 08:15 | received on its second day
2027-02-11 Thu 10:00 | 2 working_day | 2027-02-15 Mon 17:30 | Fri 12, Mon 15: no make-up Saturday is known
2027-01-31 Sun 10:00 | 1 month | 2027-03-01 Mon 17:30 | clamped to Sun 28 February, a weekend
2027-02-26 Fri 10:00 | 1 calendar_day | 2027-03-01 Mon 17:30 | Sat 27 February
# Tomb-sweeping Mon 5 April
2027-04-02 Fri 10:00 | 1 working_day | 2027-04-06 Tue 17:30 | weekend and Monday
2027-03-21 Sun 10:00 | 15 calendar_day | 2027-04-06 Tue 17:30 | 10 + 5 = 5 April
# Labour Day on a weekend
2027-04-30 Fri 10:00 | 1 working_day | 2027-05-05 Wed 17:30 | Mon 3 and Tue 4 for Sat 1 and Sun 2
2027-04-30 Fri 17:00 | 1 working_hour | 2027-05-05 Wed 08:30 | half on Friday
2027-05-01 Sat 10:00 | 1 month | 2027-06-01 Tue 17:30 | received on the holiday, ends on an ordinary day
# Dragon Boat Wed 9 June
2027-06-08 Tue 10:00 | 1 working_day | 2027-06-10 Thu 17:30 | one day off
2027-05-25 Tue 10:00 | 15 calendar_day | 2027-06-10 Thu 17:30 | 6 + 9 = 9 June
2027-06-09 Wed 10:00 | 1 working_hour | 2027-06-10 Thu 09:00 | received on it
# Mid-Autumn Wed 15 September
2027-09-14 Tue 10:00 | 1 working_day | 2027-09-16 Thu 17:30 | one day off
2027-08-15 Sun 10:00 | 1 month | 2027-09-16 Thu 17:30 | 15 September is off
# National Day
2027-09-30 Thu 10:00 | 1 working_day | 2027-10-06 Wed 17:30 | Fri 1 to Tue 5 off
2027-09-27 Mon 10:00 | 5 working_day | 2027-10-07 Thu 17:30 | 28, 29, 30 September, 6 and 7 October
2027-10-01 Fri 10:00 | 4 calendar_day | 2027-10-06 Wed 17:30 | Tue 5 makes up for Sun 3
2027-10-02 Sat 10:00 | 1 calendar_day | 2027-10-06 Wed 17:30 | Sun 3 October
# beyond
2027-12-31 Fri 10:00 | 1 working_day | 2028-01-04 Tue 17:30 | Sat 1 January 2028 is made up for on Mon 3
2027-02-28 Sun 10:00 | 12 month | 2028-02-28 Mon 17:30 | a year on
"""

# A notice invented for the test, in the shape of a real one.
SAMPLE_NOTICE = """
year: 2027
notice: 样例通知
days_off:
  - {from: 2027-01-01, to: 2027-01-03, name: 元旦}
  - {from: 2027-02-05, to: 2027-02-11, name: 春节}
  - {from: 2027-04-03, to: 2027-04-05, name: 清明节}
  - {from: 2027-05-01, to: 2027-05-05, name: 劳动节}
  - {from: 2027-06-09, name: 端午节}
  - {from: 2027-09-15, name: 中秋节}
  - {from: 2027-10-01, to: 2027-10-07, name: 国庆节}
workdays: [2027-01-31, 2027-02-13, 2027-04-25, 2027-05-08, 2027-09-26, 2027-10-09]
"""

# None of these is provisional.
ROWS_ENTERED = """
2026-12-24 Thu 10:00 | 1 working_day | 2026-12-25 Fri 17:30 | the notice settles the week before its year as well
2026-12-31 Thu 10:00 | 1 working_day | 2027-01-04 Mon 17:30 | 1 to 3 January off
2027-01-29 Fri 10:00 | 1 working_day | 2027-01-31 Sun 17:30 | make-up Sunday
2027-01-31 Sun 17:00 | 1 working_hour | 2027-02-01 Mon 08:30 | half on the make-up Sunday
2027-01-31 Sun 10:00 | 1 month | 2027-03-01 Mon 17:30 | Sun 28 February stays a weekend
2027-02-04 Thu 10:00 | 1 working_day | 2027-02-12 Fri 17:30 | 5 to 11 February off
2027-02-04 Thu 10:00 | 2 working_day | 2027-02-13 Sat 17:30 | and make-up Sat 13
2027-04-23 Fri 10:00 | 1 working_day | 2027-04-25 Sun 17:30 | make-up Sunday
2027-04-30 Fri 10:00 | 2 working_day | 2027-05-07 Fri 17:30 | Thu 6, Fri 7
2027-04-30 Fri 10:00 | 3 working_day | 2027-05-08 Sat 17:30 | and make-up Sat 8
2027-06-08 Tue 10:00 | 1 working_day | 2027-06-10 Thu 17:30 | Wed 9 June off
2027-09-24 Fri 10:00 | 5 working_day | 2027-09-30 Thu 17:30 | make-up Sun 26, 27, 28, 29, 30
2027-09-30 Thu 17:00 | 1 working_hour | 2027-10-08 Fri 08:30 | seven days in the middle of an hour
2027-09-30 Thu 10:00 | 2 working_day | 2027-10-09 Sat 17:30 | Fri 8, make-up Sat 9
2027-09-16 Thu 10:00 | 15 calendar_day | 2027-10-08 Fri 17:30 | 14 + 1 = 1 October
"""
