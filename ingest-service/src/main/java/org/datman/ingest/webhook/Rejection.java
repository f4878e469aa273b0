package org.datman.ingest.webhook;

/**
 * Why a delivery was rejected. It contains nothing from the delivery itself.
 *
 * @param status HTTP status
 * @param code stable, for filters
 * @param message what is wrong
 * @param action what to do about it
 */
record Rejection(int status, String code, String message, String action) {

    static final Rejection NO_SECRET = new Rejection(
            503,
            "webhook-secret-missing",
            "This DATMAN has no webhook secret, so it cannot verify any delivery",
            "Set datman.webhook.secret or datman.webhook.secret-file for ingest");
    static final Rejection UNSIGNED = new Rejection(
            401,
            "webhook-unsigned",
            "X-Datman-Timestamp or X-Datman-Signature is missing or not in its form",
            "Send the time in epoch seconds and sha256=<hex> of HMAC-SHA256(secret, timestamp + \".\" + body)");
    static final Rejection FORGED = new Rejection(
            401,
            "webhook-forged",
            "The signature does not match body and time",
            "Compare the secret on XNAT with that of ingest; the body must be signed byte for byte as it is sent");
    static final Rejection STALE = new Rejection(
            401,
            "webhook-stale",
            "The delivery is too old or from the future: a replay, or a clock that is wrong",
            "Set the clocks of XNAT and ingest by NTP; sign each delivery again");
    static final Rejection TOO_LARGE = new Rejection(
            413,
            "webhook-too-large",
            "The body is longer than datman.webhook.max-body",
            "Send only the ids; DATMAN reads the session from XNAT itself");

    static final Rejection SLOW = new Rejection(
            408,
            "webhook-too-slow",
            "The body was not received within datman.webhook.body-timeout; the connection was closed",
            "Check the network between XNAT and ingest; if the senders are not yours, block them with a firewall");

    static final Rejection REDCAP_NO_SECRET = new Rejection(
            503,
            "redcap-secret-missing",
            "This DATMAN has no secret for REDCap, so it cannot verify any data entry trigger",
            "Set datman.redcap.secret or datman.redcap.secret-file for ingest");
    static final Rejection REDCAP_UNAUTHORIZED = new Rejection(
            401,
            "redcap-unauthorized",
            "A data entry trigger has no password, or a wrong one",
            "Write the trigger's address in REDCap with the secret of ingest as its password");
    static final Rejection REDCAP_MALFORMED = new Rejection(
            400,
            "redcap-malformed",
            "A data entry trigger has no record, project_id and instrument as REDCap sends them",
            "Find out who sends it: it is not REDCap");
    static final Rejection REDCAP_UNKNOWN = new Rejection(
            404,
            "redcap-not-configured",
            "A data entry trigger is of a REDCap project that no study names",
            "Name the project under Redcap of its study file, or take the trigger out of the project in REDCap");

    static Rejection malformed(String what) {
        return new Rejection(
                400, "webhook-malformed", what, "Send one of the three body shapes of docs/xnat-webhook.md as JSON");
    }
}
