package org.datman.imaging.deidentification;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.datman.imaging.dicom.DicomDataset;

/**
 * Names, dates and UIDs for files that leave the lab: each follows from a secret and the original by HMAC-SHA-256, so that files that are
 * de-identified on different days fit together, and nobody without the secret finds the way back.
 */
public final class Pseudonyms {

    private static final String ALGORITHM = "HmacSHA256";

    /** Dates move by 1 day to 5 years into the past. */
    private static final int MOST_DAYS = 1826;

    private static final int PERSON_BYTES = 6;
    private static final int UID_BYTES = 16;
    private static final int SHORTEST_SECRET = 16;

    private final byte[] secret;

    /** @param secret at least 16 bytes, to be kept as carefully as the names; one per study */
    public Pseudonyms(byte[] secret) {
        if (secret.length < SHORTEST_SECRET) {
            throw new IllegalArgumentException("a secret has at least " + SHORTEST_SECRET + " bytes");
        }
        this.secret = secret.clone();
    }

    /** Who is meant: by PatientID, else by name and birth date, else by the exam. */
    static String person(DicomDataset header) {
        return header.string("PatientID")
                .or(() -> header.string("PatientName")
                        .map(name ->
                                name + "|" + header.string("PatientBirthDate").orElse("")))
                .or(() -> header.string("StudyInstanceUID"))
                .orElse("");
    }

    /** The name of a person: {@code P} and 12 hexadecimal digits. */
    public String nameOf(String person) {
        return "P" + HexFormat.of().withUpperCase().formatHex(digest("person", person), 0, PERSON_BYTES);
    }

    /** The UID instead of another, below the root for UUIDs (PS3.5 annex B.2). */
    String uid(String uid) {
        byte[] bytes = java.util.Arrays.copyOf(digest("uid", uid), UID_BYTES);
        return "2.25." + new BigInteger(1, bytes);
    }

    /** A date (DA) or date and time (DT) as many days earlier as all dates of the person; empty when it is neither. */
    Optional<String> earlier(String person, String date) {
        if (date.length() < 8) {
            return Optional.empty();
        }
        try {
            LocalDate day = LocalDate.parse(date.substring(0, 8), DateTimeFormatter.BASIC_ISO_DATE);
            int days = 1 + Math.floorMod(ByteBuffer.wrap(digest("days", person)).getInt(), MOST_DAYS);
            return Optional.of(day.minusDays(days).format(DateTimeFormatter.BASIC_ISO_DATE) + date.substring(8));
        } catch (DateTimeParseException noDate) {
            return Optional.empty();
        }
    }

    private byte[] digest(String kind, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return mac.doFinal((kind + "\n" + text).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " is part of every Java", e);
        }
    }
}
