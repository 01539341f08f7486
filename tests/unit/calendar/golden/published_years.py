"""Golden rows of 2024 to 2026, years whose notices are known: office hours 08:00-12:00 and 14:30-17:30.

Counted by hand on the notices of the State Council, which `reference.py` repeats: 国办发明电〔2023〕7号 for 2024,
国办发明电〔2024〕12号 for 2025, that of 4 November 2025 for 2026. Each row: start | limit | due | why.
"""

ROWS_2024 = """
# New Year: only Mon 1 January, joined to the weekend before it
2024-01-01 Mon 10:00 | 15 working_minute | 2024-01-02 Tue 08:15 | received on New Year's Day
# Spring Festival 10-17 February; worked Sun 4 and Sun 18; the eve, Fri 9, is worked
2024-02-01 Thu 10:00 | 1 working_day | 2024-02-02 Fri 17:30 | an ordinary Friday
2024-02-02 Fri 10:00 | 1 working_day | 2024-02-04 Sun 17:30 | Sat 3 is a weekend, Sun 4 is made up
2024-02-03 Sat 23:59 | 1 working_day | 2024-02-04 Sun 17:30 | last minute of Saturday, the make-up Sunday is day 1
2024-02-04 Sun 10:00 | 5 working_day | 2024-02-09 Fri 17:30 | Mon 5 to Fri 9, the eve is no day off in 2024
2024-02-04 Sun 10:00 | 6 working_day | 2024-02-18 Sun 17:30 | and after the eight days the make-up Sunday
2024-02-09 Fri 17:00 | 1 working_hour | 2024-02-18 Sun 08:30 | half an hour on the eve, half on Sun 18
2024-02-09 Fri 23:59 | 1 calendar_day | 2024-02-18 Sun 17:30 | Sat 10 to Sat 17 off, Sun 18 worked
2024-02-12 Mon 10:00 | 15 working_minute | 2024-02-18 Sun 08:15 | received in Spring Festival
2024-02-16 Fri 10:00 | 2 working_day | 2024-02-19 Mon 17:30 | Sun 18, Mon 19
# 29 February
2024-02-22 Thu 10:00 | 5 working_day | 2024-02-29 Thu 17:30 | 23, 26, 27, 28, 29
2024-02-28 Wed 17:30 | 1 working_minute | 2024-02-29 Thu 08:01 | at closing: the next minute is on the 29th
2024-02-29 Thu 10:00 | 2 hour | 2024-02-29 Thu 12:00 | on the day itself
2024-02-29 Thu 10:00 | 1 working_day | 2024-03-01 Fri 17:30 | the day after it
2024-02-29 Thu 17:00 | 1 working_hour | 2024-03-01 Fri 08:30 | half on the 29th, half on 1 March
2024-02-29 Thu 23:59 | 1 calendar_day | 2024-03-01 Fri 17:30 | last minute of the 29th
2024-02-29 Thu 10:00 | 1 month | 2024-03-29 Fri 17:30 | March has a 29th
2024-01-30 Tue 10:00 | 1 month | 2024-02-29 Thu 17:30 | no 30 February: its last day
2024-02-28 Wed 10:00 | 1 month | 2024-03-28 Thu 17:30 | nothing to clamp
# Tomb-sweeping 4-6 April, worked Sun 7; Labour Day 1-5 May, worked Sun 28 April and Sat 11 May
2024-04-03 Wed 10:00 | 1 working_day | 2024-04-07 Sun 17:30 | three days off, then the make-up Sunday
2024-04-03 Wed 10:00 | 2 working_day | 2024-04-08 Mon 17:30 | Sun 7, Mon 8
2024-04-03 Wed 16:30 | 2 working_hour | 2024-04-07 Sun 09:00 | 1 h Wednesday, 1 h Sunday
2024-04-01 Mon 10:00 | 3 calendar_day | 2024-04-07 Sun 17:30 | Thu 4 is off: to the make-up Sunday
2024-04-26 Fri 10:00 | 1 working_day | 2024-04-28 Sun 17:30 | make-up Sunday
2024-04-26 Fri 10:00 | 4 working_day | 2024-05-06 Mon 17:30 | Sun 28, Mon 29, Tue 30, five days off, Mon 6
2024-04-30 Tue 23:59 | 1 working_day | 2024-05-06 Mon 17:30 | last minute before Labour Day
2024-05-10 Fri 10:00 | 1 working_day | 2024-05-11 Sat 17:30 | make-up Saturday
2024-04-11 Thu 10:00 | 30 calendar_day | 2024-05-11 Sat 17:30 | 19 left in April + 11; the make-up Saturday stays
2024-04-04 Thu 10:00 | 1 month | 2024-05-06 Mon 17:30 | received on a holiday; Sat 4 May is off as well
# Dragon Boat Mon 10 June; Mid-Autumn 15-17 September, worked Sat 14
2024-06-07 Fri 10:00 | 1 working_day | 2024-06-11 Tue 17:30 | weekend and Monday off
2024-06-08 Sat 10:00 | 1 calendar_day | 2024-06-11 Tue 17:30 | Sun 9 moves past Mon 10
2024-09-13 Fri 10:00 | 1 working_day | 2024-09-14 Sat 17:30 | make-up Saturday
2024-09-13 Fri 10:00 | 2 working_day | 2024-09-18 Wed 17:30 | Sat 14, three days off, Wed 18
2024-09-14 Sat 17:00 | 1 working_hour | 2024-09-18 Wed 08:30 | half on the make-up Saturday
2024-08-15 Thu 10:00 | 1 month | 2024-09-18 Wed 17:30 | Sun 15 September begins the rest, to Tue 17
# National Day 1-7 October, worked Sun 29 September and Sat 12 October
2024-09-27 Fri 10:00 | 3 working_day | 2024-10-08 Tue 17:30 | Sun 29, Mon 30, seven days off, Tue 8
2024-09-30 Mon 10:00 | 5 working_day | 2024-10-12 Sat 17:30 | 8, 9, 10, 11 and make-up Sat 12
2024-10-11 Fri 17:15 | 30 working_minute | 2024-10-12 Sat 08:15 | 15 min Friday, 15 min make-up Saturday
2024-10-01 Tue 00:00 | 1 calendar_day | 2024-10-08 Tue 17:30 | first minute of National Day; the 2nd is off
# the turn of the year: only Wed 1 January 2025 is off
2024-12-31 Tue 10:00 | 1 working_day | 2025-01-02 Thu 17:30 | one day off
2024-12-31 Tue 17:29 | 2 working_minute | 2025-01-02 Thu 08:01 | one minute before closing, one after New Year
2024-12-02 Mon 10:00 | 30 calendar_day | 2025-01-02 Thu 17:30 | 29 + 1 = 1 January, off
2024-12-30 Mon 10:00 | 2 month | 2025-02-28 Fri 17:30 | no 30 February
"""

ROWS_2025 = """
# Spring Festival 28 January to 4 February, worked Sun 26 January and Sat 8 February
2025-01-23 Thu 10:00 | 3 working_day | 2025-01-27 Mon 17:30 | Fri 24, make-up Sun 26, Mon 27
2025-01-25 Sat 10:00 | 1 working_day | 2025-01-26 Sun 17:30 | received on a Saturday off
2025-01-27 Mon 23:59 | 1 working_day | 2025-02-05 Wed 17:30 | last minute before eight days off
2025-01-29 Wed 10:00 | 4 working_day | 2025-02-08 Sat 17:30 | Wed 5, 6, 7 and make-up Sat 8
2025-01-24 Fri 17:00 | 4 working_hour | 2025-01-26 Sun 11:30 | 0.5 h Friday, 3.5 h Sunday
2025-01-20 Mon 10:00 | 15 calendar_day | 2025-02-05 Wed 17:30 | 11 + 4 = 4 February, the last day off
2025-01-24 Fri 10:00 | 15 calendar_day | 2025-02-08 Sat 17:30 | 7 + 8 = 8 February, a make-up Saturday: it stays
2025-02-07 Fri 10:00 | 2 working_day | 2025-02-10 Mon 17:30 | Sat 8, Mon 10
# Tomb-sweeping 4-6 April without make-up days
2025-04-03 Thu 10:00 | 1 working_day | 2025-04-07 Mon 17:30 | Fri 4 to Sun 6 off
2025-04-03 Thu 17:30 | 15 working_minute | 2025-04-07 Mon 08:15 | at closing: nothing left of Thursday
2025-03-20 Thu 10:00 | 15 calendar_day | 2025-04-07 Mon 17:30 | 11 + 4 = 4 April
# Labour Day 1-5 May, worked Sun 27 April
2025-04-26 Sat 12:00 | 15 working_minute | 2025-04-27 Sun 08:15 | Saturday is off, Sunday is made up
2025-04-27 Sun 10:00 | 3 working_day | 2025-04-30 Wed 17:30 | 28, 29, 30
2025-04-30 Wed 17:20 | 15 working_minute | 2025-05-06 Tue 08:05 | 10 min before, 5 after
2025-05-01 Thu 10:00 | 1 working_day | 2025-05-06 Tue 17:30 | received on Labour Day
2025-04-05 Sat 10:00 | 1 month | 2025-05-06 Tue 17:30 | Mon 5 May is the last day off
2025-04-30 Wed 10:00 | 1 month | 2025-05-30 Fri 17:30 | an ordinary Friday
# Dragon Boat 31 May to 2 June
2025-05-29 Thu 10:00 | 2 working_day | 2025-06-03 Tue 17:30 | Fri 30, Tue 3
2025-06-01 Sun 08:00 | 7 working_hour | 2025-06-03 Tue 17:30 | the whole of Tuesday
2025-05-01 Thu 10:00 | 1 month | 2025-06-03 Tue 17:30 | 1 June lies in the rest
# National Day and Mid-Autumn 1-8 October, eight days; worked Sun 28 September and Sat 11 October
2025-09-26 Fri 10:00 | 1 working_day | 2025-09-28 Sun 17:30 | make-up Sunday
2025-09-28 Sun 17:00 | 1 working_hour | 2025-09-29 Mon 08:30 | a make-up Sunday before an ordinary Monday
2025-09-30 Tue 17:00 | 1 working_hour | 2025-10-09 Thu 08:30 | eight days in the middle of an hour
2025-09-30 Tue 23:59 | 1 calendar_day | 2025-10-09 Thu 17:30 | 1 October moves past eight days
2025-10-08 Wed 23:59 | 1 working_day | 2025-10-09 Thu 17:30 | last minute of the rest
2025-10-08 Wed 23:59 | 2 minute | 2025-10-09 Thu 00:01 | a summons runs through it
2025-10-06 Mon 10:00 | 3 working_day | 2025-10-11 Sat 17:30 | received on Mid-Autumn: 9, 10, make-up Sat 11
2025-10-10 Fri 17:00 | 8 working_hour | 2025-10-13 Mon 08:30 | 0.5 + 7 on the make-up Saturday + 0.5
2025-09-08 Mon 10:00 | 30 calendar_day | 2025-10-09 Thu 17:30 | 22 + 8 = 8 October, the eighth day off
2025-09-11 Thu 10:00 | 1 month | 2025-10-11 Sat 17:30 | a make-up Saturday: it stays
# month ends and the turn of the year
2025-08-31 Sun 10:00 | 1 month | 2025-09-30 Tue 17:30 | September has 30 days
2025-10-31 Fri 10:00 | 4 month | 2026-02-28 Sat 17:30 | clamped to 28 February, a make-up Saturday in 2026
2025-11-10 Mon 10:00 | 60 working_day | 2026-02-03 Tue 17:30 | Nov 14, Dec 23 (37), Jan 21 with Sun 4 (58), Feb 2 and 3
2025-12-31 Wed 17:29 | 1 working_minute | 2025-12-31 Wed 17:30 | the last minute of the year's office hours
2025-12-31 Wed 23:59 | 1 minute | 2026-01-01 Thu 00:00 | the last minute of the year
"""

ROWS_2026 = """
# New Year 1-3 January, worked Sun 4
2026-01-01 Thu 00:00 | 15 working_minute | 2026-01-04 Sun 08:15 | first minute of the year
2026-01-02 Fri 10:00 | 2 working_day | 2026-01-05 Mon 17:30 | make-up Sun 4, Mon 5
2026-01-04 Sun 23:59 | 1 working_day | 2026-01-05 Mon 17:30 | last minute of a make-up Sunday
# Spring Festival 15-23 February, nine days; worked Sat 14 and Sat 28
2026-02-12 Thu 10:00 | 2 working_day | 2026-02-14 Sat 17:30 | Fri 13, make-up Sat 14
2026-02-14 Sat 23:59 | 1 calendar_day | 2026-02-24 Tue 17:30 | Sun 15 to Mon 23 off
2026-02-25 Wed 10:00 | 3 working_day | 2026-02-28 Sat 17:30 | Thu 26, Fri 27, make-up Sat 28
2026-02-27 Fri 17:30 | 1 working_hour | 2026-02-28 Sat 09:00 | at closing on Friday
2026-02-28 Sat 17:15 | 20 working_minute | 2026-03-02 Mon 08:05 | 15 min Saturday, Sunday off, 5 min Monday
2026-01-30 Fri 10:00 | 1 month | 2026-02-28 Sat 17:30 | no 30 February; a make-up Saturday
2026-01-28 Wed 10:00 | 1 month | 2026-02-28 Sat 17:30 | the 28th itself
# Tomb-sweeping 4-6 April; Labour Day 1-5 May, worked Sat 9 May
2026-04-03 Fri 17:00 | 45 working_minute | 2026-04-07 Tue 08:15 | 30 min Friday, 15 Tuesday
2026-04-06 Mon 10:00 | 24 hour | 2026-04-07 Tue 10:00 | on a holiday, continuous
2026-04-24 Fri 10:00 | 7 calendar_day | 2026-05-06 Wed 17:30 | 6 + 1 = 1 May
2026-04-30 Thu 23:59 | 1 working_day | 2026-05-06 Wed 17:30 | last minute before Labour Day
2026-05-08 Fri 16:00 | 2 working_hour | 2026-05-09 Sat 08:30 | 1.5 h Friday, 0.5 h make-up Saturday
2026-05-09 Sat 10:00 | 1 working_day | 2026-05-11 Mon 17:30 | the Sunday after it is off
2026-04-09 Thu 10:00 | 1 month | 2026-05-09 Sat 17:30 | a make-up Saturday: it stays
# Dragon Boat 19-21 June; Mid-Autumn 25-27 September
2026-06-18 Thu 10:00 | 1 working_day | 2026-06-22 Mon 17:30 | Fri 19 to Sun 21 off
2026-06-05 Fri 10:00 | 15 calendar_day | 2026-06-22 Mon 17:30 | Sat 20 June
2026-09-24 Thu 17:25 | 15 working_minute | 2026-09-28 Mon 08:10 | 5 + 10 with Mid-Autumn between
# National Day 1-7 October, worked Sun 20 September and Sat 10 October
2026-09-19 Sat 10:00 | 1 working_day | 2026-09-20 Sun 17:30 | the make-up Sunday is day 1
2026-09-20 Sun 10:00 | 4 working_day | 2026-09-24 Thu 17:30 | Mon 21 to Thu 24
2026-09-20 Sun 10:00 | 5 working_day | 2026-09-28 Mon 17:30 | and after Mid-Autumn
2026-09-05 Sat 10:00 | 15 calendar_day | 2026-09-20 Sun 17:30 | a make-up Sunday: it stays
2026-10-07 Wed 23:59 | 1 working_day | 2026-10-08 Thu 17:30 | last minute of the rest
2026-10-07 Wed 23:59 | 20 minute | 2026-10-08 Thu 00:19 | continuous
2026-10-10 Sat 23:59 | 1 working_day | 2026-10-12 Mon 17:30 | last minute of the make-up Saturday
# the last weeks a notice for 2027 cannot touch
2026-11-30 Mon 10:00 | 1 working_day | 2026-12-01 Tue 17:30 | over the end of a month
2026-11-24 Tue 10:00 | 30 calendar_day | 2026-12-24 Thu 17:30 | 6 + 24
"""
