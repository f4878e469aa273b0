package org.datman.export.request;

import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Assignment;

/** The identity of a result: inputs, software and names. Equal keys mean equal files. */
public final class ExportKey {

    /** Must change when this service creates other files from the same input. */
    private static final String RULES = "export-3";

    private ExportKey() {}

    /** Identity of the images, independent of their names. */
    public static String ofConversion(
            String sourceDigest, String converterVersion, String parameters, boolean converted, SeriesTagged tagged) {
        return hash(RULES + "\n" + sourceDigest + "\n"
                + (converted ? converterVersion + "\n" + parameters : "as it is")
                + tagged.burnedInText().map(text -> "\nburned-in text " + text).orElse(""));
    }

    /** Identity of the published files. */
    public static String of(String conversionKey, SeriesTagged tagged) {
        StringBuilder text = new StringBuilder(conversionKey);
        // The defaults are not in the key: what was exported before there was a choice stays until something else
        // changes.
        tagged.keptDicom().ifPresent(kept -> text.append("\nDICOM ").append(kept));
        // So that the provenance names the person; taken back, it names the rules again.
        tagged.assigned().ifPresent(assigned -> text.append("\nassigned ").append(assigned));
        tagged.checks().ifPresent(checks -> text.append("\nchecks ").append(checks));
        for (Assignment a : tagged.assignments()) {
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
