package org.datman.export.request;

import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.SeriesTagged.Assignment;

/** The identity of a result: inputs, software and names. Equal keys mean equal files. */
public final class ExportKey {

    /** Must change when this service creates other files from the same input. */
    private static final String RULES = "export-3";

    private ExportKey() {}

    /** Identity of the images, independent of their names. */
    public static String ofConversion(
            String sourceDigest, String converterVersion, String parameters, boolean converted) {
        return hash(
                RULES + "\n" + sourceDigest + "\n" + (converted ? converterVersion + "\n" + parameters : "as it is"));
    }

    /** Identity of the published files. */
    public static String of(String conversionKey, List<Assignment> assignments) {
        StringBuilder text = new StringBuilder(conversionKey);
        for (Assignment a : assignments) {
            text.append('\n')
                    .append(String.join(
                            "|",
                            a.tag(),
                            a.stem(),
                            a.qcKind(),
                            String.join(",", a.formats()),
                            a.echoNumber().map(String::valueOf).orElse(""),
                            a.part().orElse(""),
                            a.derived().map(String::valueOf).orElse(""),
                            a.phaseEncodingDirection().orElse("")));
        }
        return hash(text.toString());
    }

    private static String hash(String text) {
        return DigestUtils.sha256Hex(text);
    }
}
