"""One async function per verb of dispatch; each is one transaction.

Whatever changes a case or its work orders holds the lock of the case; whatever changes a summons or its units holds the
lock of the summons. Where both are needed the case is locked first.
"""
