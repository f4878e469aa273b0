package org.datman.local.proposal;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.naming.ReproIn;

/**
 * The kind of one series and what shows it.
 *
 * @param entities BIDS entities that its name declares
 * @param evidence what decided, for people
 */
record SeriesKind(Kind kind, Map<String, String> entities, String evidence) {

    private static final Pattern LOCALIZER = words("localizer|localiser|scout|survey|aahscout|3plane|plane|loc");
    private static final Pattern FIELD_MAP = words(
            "field ?map(?:ping)?|fmap|b0 ?map(?:ping)?|gre field|fmri distortion|distortion ?map|spin echo field|topup");
    private static final Pattern SBREF = words("sbref");
    private static final Pattern ASL = words("(?:3d)?(?:asl|pcasl|pasl)|pwi|perfusion");
    private static final Pattern DWI = words("dti|dwi|dmri|diff|diffusion|hardi|noddi|mddw|tensor");
    private static final Pattern BOLD = words("func|rest|resting|restingstate|task");
    private static final Pattern SURELY_BOLD = words("bold|fmri|fcmri");
    private static final Pattern FLAIR = words("flair|dark fluid");
    private static final Pattern T1 = words("t1|t1w|mprage|memprage|bravo|fspgr|spgr|tfl|tfe|mp2rage");
    private static final Pattern T2 = words("t2|t2w|space|cube|tse|fse");
    private static final Pattern PD = words("pd|pdw|proton");
    private static final Set<String> LOCALIZERS = Set.of("scout", "localizer");
    private static final Set<String> PHASE = Set.of("P", "PHASE", "PHASE MAP", "B0 MAP", "FIELD_MAP", "FIELDMAP");
    private static final double LONG_ECHO_MS = 60;
    private static final double MOST_ECHO_OF_T1_MS = 12;

    private static Pattern words(String alternatives) {
        return Pattern.compile("(?:^|[^a-z0-9])(?:" + alternatives + ")(?:[^a-z]|$)");
    }

    static SeriesKind of(SeriesDiscovered series) {
        Map<String, String> header = series.header();
        if (series.status() != SeriesDiscovered.Status.PRESENT || (!header.isEmpty() && !header.containsKey("Rows"))) {
            return new SeriesKind(Kind.NO_IMAGE, Map.of(), "no image in it");
        }
        List<String> imageType = series.imageType();
        boolean phase = imageType.stream().anyMatch(PHASE::contains);
        boolean derived = !imageType.isEmpty() && imageType.get(0).equalsIgnoreCase("DERIVED");
        String text = plain(series.description());
        Optional<ReproIn> declared =
                ReproIn.of(series.description()).or(() -> ReproIn.of(header.getOrDefault("ProtocolName", "")));
        if (derived && !(FIELD_MAP.matcher(text).find() || phase)) {
            return new SeriesKind(Kind.DERIVED, Map.of(), "ImageType begins with DERIVED");
        }
        if (declared.isPresent() && declared(declared.get()) != Kind.UNKNOWN) {
            return new SeriesKind(
                    declared(declared.get()), declared.get().entities(), "its name has the form of ReproIn");
        }
        if (LOCALIZER.matcher(text).find()) {
            return new SeriesKind(Kind.LOCALIZER, Map.of(), "its description");
        }
        boolean epi = isEpi(header);
        if (SBREF.matcher(text).find()) {
            return new SeriesKind(Kind.SBREF, Map.of(), "its description");
        }
        if (FIELD_MAP.matcher(text).find()) {
            Kind kind = epi ? Kind.FIELD_MAP_EPI : phase ? Kind.FIELD_MAP_PHASE : Kind.FIELD_MAP_MAGNITUDE;
            return new SeriesKind(kind, Map.of(), "its description" + (epi ? ", echo planar" : ""));
        }
        return byWords(text, imageType, header, epi).orElseGet(() -> byNumbers(header, epi));
    }

    /** The kind of series that a name in the form of ReproIn declares. */
    static Kind declared(ReproIn name) {
        if (LOCALIZERS.contains(name.suffix().toLowerCase(Locale.ROOT))) {
            return Kind.LOCALIZER;
        }
        for (Kind kind : Kind.values()) {
            if (kind.isKept()
                    && kind.datatype().equals(name.datatype())
                    && kind.suffix().equals(name.suffix())) {
                return kind;
            }
        }
        return switch (name.suffix()) {
            case "magnitude1", "magnitude2" -> Kind.FIELD_MAP_MAGNITUDE;
            default -> Kind.UNKNOWN;
        };
    }

    private static Optional<SeriesKind> byWords(
            String text, List<String> imageType, Map<String, String> header, boolean epi) {
        String sequence = header.getOrDefault("SequenceName", "");
        if (imageType.contains("ASL") || ASL.matcher(text).find()) {
            return Optional.of(new SeriesKind(Kind.ASL, Map.of(), "its description or ImageType"));
        }
        if (imageType.contains("DIFFUSION")
                || sequence.matches("\\*?ep_b\\d.*")
                || DWI.matcher(text).find()) {
            return Optional.of(new SeriesKind(Kind.DWI, Map.of(), "its description, ImageType or SequenceName"));
        }
        if (imageType.contains("FMRI")
                || SURELY_BOLD.matcher(text).find()
                || (epi && BOLD.matcher(text).find())
                || sequence.matches("\\*?epfid.*")) {
            return Optional.of(new SeriesKind(Kind.BOLD, Map.of(), "its description, ImageType or SequenceName"));
        }
        if (epi) {
            return Optional.empty();
        }
        for (Map.Entry<Kind, Pattern> one : List.of(
                Map.entry(Kind.FLAIR, FLAIR), Map.entry(Kind.T1, T1), Map.entry(Kind.T2, T2), Map.entry(Kind.PD, PD))) {
            if (one.getValue().matcher(text).find()) {
                return Optional.of(new SeriesKind(one.getKey(), Map.of(), "its description"));
            }
        }
        return Optional.empty();
    }

    /** Echo, inversion time and sequence where no word helps: the contrasts of routine protocols, as textbooks have them. */
    private static SeriesKind byNumbers(Map<String, String> header, boolean epi) {
        double echo = number(header, "EchoTime");
        boolean gradient = values(header, "ScanningSequence").contains("GR");
        boolean spin = values(header, "ScanningSequence").contains("SE");
        if (epi) {
            return gradient || !spin
                    ? new SeriesKind(Kind.BOLD, Map.of(), "an echo planar gradient echo")
                    : new SeriesKind(Kind.UNKNOWN, Map.of(), "an echo planar spin echo");
        }
        if (gradient
                && header.getOrDefault("MRAcquisitionType", "").equals("3D")
                && number(header, "InversionTime") > 0
                && echo <= MOST_ECHO_OF_T1_MS) {
            return new SeriesKind(Kind.T1, Map.of(), "a 3-D gradient echo with inversion");
        }
        if (spin && !gradient && echo >= LONG_ECHO_MS && !(number(header, "InversionTime") > 0)) {
            return new SeriesKind(Kind.T2, Map.of(), "a spin echo with a long echo time");
        }
        return new SeriesKind(Kind.UNKNOWN, Map.of(), "neither its description nor its header shows it");
    }

    private static boolean isEpi(Map<String, String> header) {
        return values(header, "ScanningSequence").contains("EP")
                || header.getOrDefault("SequenceName", "").matches("\\*?ep.*");
    }

    private static List<String> values(Map<String, String> header, String keyword) {
        return Arrays.asList(header.getOrDefault(keyword, "").split("\\\\"));
    }

    /** NaN when there is no number. */
    private static double number(Map<String, String> header, String keyword) {
        try {
            return Double.parseDouble(header.getOrDefault(keyword, "").strip());
        } catch (NumberFormatException none) {
            return Double.NaN;
        }
    }

    /** Lower case, and each change between letters and other characters is a border of words. */
    private static String plain(String description) {
        return Arrays.stream(description.split("(?<=[a-z])(?=[A-Z][a-z])|[_\\s.-]+"))
                .collect(Collectors.joining(" "))
                .toLowerCase(Locale.ROOT);
    }
}
