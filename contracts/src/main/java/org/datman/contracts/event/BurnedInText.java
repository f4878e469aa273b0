package org.datman.contracts.event;

/** What becomes of a series whose pixels may show text about the person: screenshots and secondary captures. */
public enum BurnedInText {
    /** It is not exported. */
    WITHHELD,
    /** It is exported as any other. */
    EXPORTED
}
