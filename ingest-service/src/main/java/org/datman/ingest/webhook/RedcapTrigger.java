package org.datman.ingest.webhook;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * REDCap's data entry trigger: a form of a record was saved. Its other fields are ignored, the addresses above all: only the address in the
 * study file is ever called. Whether the form is complete is read from REDCap, too.
 *
 * @param record id of the record
 * @param project REDCap's number of the project
 * @param instrument the form
 */
record RedcapTrigger(String record, String project, String instrument) {

    private static final String BASIC = "Basic ";
    private static final int LONGEST = 100;

    /** Reads a body of type {@code application/x-www-form-urlencoded}; empty when it is no trigger. */
    static Optional<RedcapTrigger> read(byte[] body) {
        Map<String, String> fields = new HashMap<>();
        try {
            for (String pair : new String(body, StandardCharsets.UTF_8).split("&")) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
                }
            }
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        RedcapTrigger trigger = new RedcapTrigger(
                fields.getOrDefault("record", ""),
                fields.getOrDefault("project_id", ""),
                fields.getOrDefault("instrument", ""));
        boolean whole = isText(trigger.record) && isText(trigger.project) && isText(trigger.instrument);
        return whole ? Optional.of(trigger) : Optional.empty();
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8).strip();
    }

    private static boolean isText(String text) {
        return !text.isEmpty() && text.length() <= LONGEST && text.chars().noneMatch(Character::isISOControl);
    }

    /** Whether an {@code Authorization} header could hold a password: checked before the body is read. */
    static boolean hasPassword(String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, BASIC, 0, BASIC.length());
    }

    /**
     * Whether the password of HTTP Basic authentication is the secret, whatever the account. REDCap cannot sign: the secret is in the address of the
     * trigger.
     */
    static boolean isAuthorized(String authorization, String secret) {
        if (!hasPassword(authorization)) {
            return false;
        }
        try {
            String account = new String(
                    Base64.getDecoder()
                            .decode(authorization.substring(BASIC.length()).strip()),
                    StandardCharsets.UTF_8);
            String password = account.substring(account.indexOf(':') + 1);
            return account.indexOf(':') >= 0
                    && MessageDigest.isEqual(
                            password.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
