"""Golden rows of what a centre says itself: seasons, hours of single weekdays, closures, a township's own days."""

# 1 June to 30 September 08:00-12:00 and 15:00-18:00, else 08:00-12:00 and 14:30-17:30.
SEASONS = """
office_hours:
  sessions: [{opens: "08:00", closes: "12:00"}, {opens: "14:30", closes: "17:30"}]
  seasons:
    - from: "06-01"
      to: "09-30"
      sessions: [{opens: "08:00", closes: "12:00"}, {opens: "15:00", closes: "18:00"}]
"""
ROWS_SEASONS = """
2026-05-29 Fri 10:00 | 1 working_day | 2026-06-01 Mon 18:00 | into the summer: closes later
2026-05-29 Fri 17:00 | 1 working_hour | 2026-06-01 Mon 08:30 | half by the old hours
2026-06-01 Mon 14:30 | 15 working_minute | 2026-06-01 Mon 15:15 | the afternoon opens later
2026-06-01 Mon 17:45 | 30 working_minute | 2026-06-02 Tue 08:15 | 15 min until 18:00
2026-06-18 Thu 11:30 | 1 working_hour | 2026-06-18 Thu 15:30 | over a longer noon
2026-05-17 Sun 10:00 | 15 calendar_day | 2026-06-01 Mon 18:00 | 14 + 1 = 1 June
2026-08-31 Mon 10:00 | 1 month | 2026-09-30 Wed 18:00 | the last summer day
2026-09-29 Tue 10:00 | 1 working_day | 2026-09-30 Wed 18:00 | the last summer day
2026-09-30 Wed 10:00 | 1 working_day | 2026-10-08 Thu 17:30 | out of the summer
2026-09-30 Wed 17:45 | 30 working_minute | 2026-10-08 Thu 08:15 | 15 min until 18:00, 15 after the week
2026-09-01 Tue 10:00 | 1 month | 2026-10-08 Thu 17:30 | 1 October, moved past the week into winter hours
2026-10-08 Thu 14:30 | 15 working_minute | 2026-10-08 Thu 14:45 | the afternoon opens earlier again
2026-09-18 Fri 10:00 | 1 working_day | 2026-09-20 Sun 18:00 | a make-up Sunday in summer hours
2025-05-30 Fri 16:30 | 2 working_hour | 2025-06-03 Tue 09:00 | 1 h until 17:30, Dragon Boat, 1 h
2024-09-29 Sun 17:30 | 1 working_hour | 2024-09-30 Mon 08:30 | half until 18:00 of a make-up Sunday
2026-09-30 Wed 17:45 | 1 working_day elapsed | 2026-10-08 Thu 17:30 | at 17:45 nobody is there any more
2026-05-29 Fri 14:45 | 1 working_day elapsed | 2026-06-01 Mon 15:00 | at 14:45 nobody is there yet
"""

# Fridays end at 16:30; a make-up Saturday is worked from 09:00 to 12:00.
WEEKDAYS = """
office_hours:
  sessions: [{opens: "08:00", closes: "12:00"}, {opens: "14:30", closes: "17:30"}]
  weekdays:
    friday: [{opens: "08:00", closes: "12:00"}, {opens: "14:30", closes: "16:30"}]
    saturday: [{opens: "09:00", closes: "12:00"}]
"""
ROWS_WEEKDAYS = """
2026-07-09 Thu 10:00 | 1 working_day | 2026-07-10 Fri 16:30 | a short Friday
2026-07-10 Fri 16:00 | 1 working_hour | 2026-07-13 Mon 08:30 | half until 16:30; an ordinary Saturday is off
2026-06-26 Fri 10:00 | 14 calendar_day | 2026-07-10 Fri 16:30 | ends on a Friday
2026-10-09 Fri 10:00 | 1 working_day | 2026-10-10 Sat 12:00 | a make-up Saturday has its own hours
2026-10-09 Fri 16:00 | 4 working_hour | 2026-10-12 Mon 08:30 | 0.5 + 3 + 0.5
2026-09-18 Fri 10:00 | 1 working_day | 2026-09-20 Sun 17:30 | a make-up Sunday has none: it is like a Monday
2026-07-09 Thu 17:00 | 1 working_day elapsed | 2026-07-10 Fri 16:30 | at 17:00 nobody is there any more
"""

# The centre shuts Tue 14 July 2026. The township `west` shuts Wed 15, Thu 16 July and the make-up Sat 10 October, and
# works Sat 18 July and Wed 7 October.
LOCAL = """
closures:
  - {from: 2026-07-14, reason: 台风停工}
  - {from: 2026-07-15, to: 2026-07-16, reason: 镇区停水, townships: [west]}
  - {from: 2026-10-10, reason: 镇上普度, townships: [west]}
openings:
  - {from: 2026-07-18, reason: 补班, townships: [west]}
  - {from: 2026-10-07, reason: 补班, townships: [west]}
"""
ROWS_CENTRE = """
2026-07-13 Mon 10:00 | 1 working_day | 2026-07-15 Wed 17:30 | Tue 14 closed
2026-07-13 Mon 17:00 | 1 working_hour | 2026-07-15 Wed 08:30 | half on Monday
2026-07-14 Tue 10:00 | 1 working_day | 2026-07-15 Wed 17:30 | received while closed
2026-06-29 Mon 10:00 | 15 calendar_day | 2026-07-15 Wed 17:30 | 1 + 14 = 14 July, closed
2026-07-13 Mon 10:00 | 5 working_day | 2026-07-21 Tue 17:30 | 15, 16, 17, 20, 21
2026-10-09 Fri 10:00 | 1 working_day | 2026-10-10 Sat 17:30 | the township's closure is not the centre's
"""
ROWS_TOWNSHIP = """
2026-07-13 Mon 10:00 | 1 working_day | 2026-07-17 Fri 17:30 | 14 with the centre, 15 and 16 its own
2026-07-13 Mon 10:00 | 2 working_day | 2026-07-18 Sat 17:30 | and its own Saturday
2026-07-13 Mon 17:00 | 8 working_hour | 2026-07-18 Sat 08:30 | 0.5 Monday, 7 Friday, 0.5 Saturday
2026-07-01 Wed 10:00 | 15 calendar_day | 2026-07-17 Fri 17:30 | 16 July closed
2026-07-03 Fri 10:00 | 15 calendar_day | 2026-07-18 Sat 17:30 | its worked Saturday stays
2026-06-15 Mon 10:00 | 1 month | 2026-07-17 Fri 17:30 | 15 July closed
2026-07-18 Sat 10:00 | 15 working_minute | 2026-07-18 Sat 10:15 | at work on that Saturday
2026-07-18 Sat 17:20 | 15 working_minute | 2026-07-20 Mon 08:05 | 10 + 5, Sunday between
2026-09-30 Wed 10:00 | 1 working_day | 2026-10-07 Wed 17:30 | works on the last day of the rest
2026-10-09 Fri 10:00 | 1 working_day | 2026-10-12 Mon 17:30 | shuts on the make-up Saturday
"""

# Elapsed style, by the plain office hours.
ROWS_ELAPSED = """
2026-09-28 Mon 10:00 | 5 calendar_day elapsed | 2026-10-03 Sat 10:00 | 5 x 24 h, and a holiday moves nothing
2026-09-28 Mon 23:59 | 1 calendar_day elapsed | 2026-09-29 Tue 23:59 | to the minute
2024-02-28 Wed 12:00 | 1 calendar_day elapsed | 2024-02-29 Thu 12:00 | onto 29 February
2024-02-28 Wed 12:00 | 2 calendar_day elapsed | 2024-03-01 Fri 12:00 | over it
2025-02-28 Fri 12:00 | 1 calendar_day elapsed | 2025-03-01 Sat 12:00 | there is none
2025-12-31 Wed 23:59 | 1 calendar_day elapsed | 2026-01-01 Thu 23:59 | over New Year
2026-02-13 Fri 09:30 | 15 calendar_day elapsed | 2026-02-28 Sat 09:30 | over Spring Festival
2027-01-01 Fri 10:00 | 5 calendar_day elapsed | 2027-01-06 Wed 10:00 | rests on no holiday, so nothing is provisional
2024-01-31 Wed 10:00 | 1 month elapsed | 2024-02-29 Thu 10:00 | clamped to 29 February
2025-01-31 Fri 10:00 | 1 month elapsed | 2025-02-28 Fri 10:00 | clamped to 28
2024-02-29 Thu 23:59 | 12 month elapsed | 2025-02-28 Fri 23:59 | no 29 February in 2025
2026-09-01 Tue 08:00 | 1 month elapsed | 2026-10-01 Thu 08:00 | on National Day all the same
2026-08-31 Mon 17:30 | 1 month elapsed | 2026-09-30 Wed 17:30 | September has 30 days
2027-01-15 Fri 10:00 | 1 month elapsed | 2027-02-15 Mon 10:00 | nothing is provisional
2026-09-28 Mon 10:00 | 1 working_day elapsed | 2026-09-29 Tue 10:00 | the same time of the next day
2026-09-30 Wed 10:00 | 1 working_day elapsed | 2026-10-08 Thu 10:00 | over the week
2026-09-28 Mon 10:00 | 5 working_day elapsed | 2026-10-10 Sat 10:00 | 29, 30, 8, 9, make-up Sat 10
2026-09-28 Mon 13:00 | 1 working_day elapsed | 2026-09-29 Tue 14:30 | at noon: counts from 14:30
2026-09-28 Mon 18:00 | 1 working_day elapsed | 2026-09-30 Wed 08:00 | in the evening: from Tuesday 08:00
2026-09-28 Mon 17:30 | 1 working_day elapsed | 2026-09-30 Wed 08:00 | at closing: likewise
2026-09-28 Mon 07:00 | 1 working_day elapsed | 2026-09-29 Tue 08:00 | before opening: from 08:00
2026-10-03 Sat 10:00 | 1 working_day elapsed | 2026-10-09 Fri 08:00 | on a holiday: from Thu 8, 08:00
2026-10-09 Fri 16:00 | 2 working_day elapsed | 2026-10-12 Mon 16:00 | make-up Sat 10, Mon 12
2025-01-26 Sun 09:00 | 2 working_day elapsed | 2025-02-05 Wed 09:00 | Mon 27, eight days off, Wed 5
2024-02-09 Fri 09:00 | 1 working_day elapsed | 2024-02-18 Sun 09:00 | from the eve to the make-up Sunday
"""
