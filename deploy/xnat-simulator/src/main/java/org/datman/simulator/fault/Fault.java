package org.datman.simulator.fault;

/** The faults of a response. */
public enum Fault {
    /** Delays the response by {@code latency}. */
    LATENCY,
    /** Accepts the request and never sends a byte. */
    HANG,
    /** The proxy's page with {@code status} (500, 502, 503, 504 …). */
    STATUS,
    /** TCP reset before any byte of the answer. */
    RESET,
    /** TCP reset after {@code bytes} bytes of the body, 0 for right after the headers. */
    RESET_AFTER_HEADERS,
    /** The body stops after {@code bytes} bytes and the connection closes: the end of the chunks, or of the length, is missing. */
    TRUNCATE,
    /** The body stops after {@code bytes} bytes and ends properly: for a zip, no central directory. */
    TRUNCATE_CLEANLY,
    /** A valid zip without its last {@code bytes} entries (at least one). */
    MISSING_ENTRIES,
    /** Byte {@code bytes} of the first file is inverted: sizes and CRCs agree, the MD5 does not. */
    WRONG_BYTE,
    /** An empty selection: 404 like XNAT for an empty zip. */
    EMPTY_ZIP,
    /** 200 with no body. */
    EMPTY_BODY,
    /** All sessions end: 401. */
    SESSION_EXPIRED,
    /** All sessions end: 200 with the login page. */
    LOGIN_PAGE,
    /** 403 as for an expired password. */
    PASSWORD_EXPIRED,
    /** 401 as for an account locked after too many failures. */
    LOCKED_OUT,
    /** {@code totalRecords} is missing in a list. */
    NO_TOTAL,
    /** Column {@code column} is empty in every row ({@code digest}, {@code label}, {@code file_count}, {@code Size} …). */
    BLANK_COLUMN,
    /** Column {@code column} has {@code value} in every row (a stale {@code file_count} …). */
    WRONG_COLUMN,
    /** Runs {@code action} first, then answers: a session renamed or deleted between two requests of a client. */
    ACTION
}
