"""The first number of every advisory lock that has two: what may never be held by two at once, and by which text.

They stand in one place because the database has one set of them: two purposes with one number would wait for each
other, and one that is held for as long as a service runs would be waited for for ever.
"""

RELAY = 7001  # by the service: who publishes its events; held as long as it leads
PUSH = 7003  # by a platform's reference: who registers it
PACK = 7004  # by the centre: who puts a pack in force
WATCH = 7005  # by the centre: who takes over the duty
MODE = 7006  # by the centre: who switches it
CONTACT_QUESTION = 7007  # by the clerk: who asks for a contact
# 7002 was both of these in one version; its copies may still hold it while newer ones start.
READING = 7008  # by the service: who reads events; held as long as it leads
MIGRATION = 7009  # by the schema: who changes it
