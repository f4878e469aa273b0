package org.datman.simulator.scanner;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The protocol of one series. Times in ms, lengths in mm, angles in degrees.
 *
 * @param key name in a scenario, such as {@code RST}
 * @param tag tag of the series in the study's configuration
 * @param columns matrix along the row direction (DICOM Columns)
 * @param spacing distance between columns, between rows, and slice thickness
 * @param gap between neighbouring slices, added to the thickness
 * @param tilt rotation of the slice stack about the patient's left-right axis
 * @param echoTimes one per echo
 * @param inversionTime 0 when there is no inversion
 * @param bandwidth receiver bandwidth in Hz per pixel
 * @param echoSpacing effective echo spacing of an EPI read-out; 0 otherwise
 * @param phaseEncoding direction over the patient
 * @param volumes planned volumes (for diffusion: {@code b0} and all directions)
 * @param b0 volumes without diffusion weighting
 * @param shells b-value and number of directions, ascending
 * @param headerOverrides further DICOM attributes by keyword, for a parameter that drifted
 */
record SeriesProtocol(
        String key,
        String tag,
        SeriesKind kind,
        String description,
        Orientation orientation,
        int columns,
        int rows,
        int slices,
        double[] spacing,
        double gap,
        double tilt,
        double repetitionTime,
        double[] echoTimes,
        double inversionTime,
        double flipAngle,
        double bandwidth,
        double echoSpacing,
        PhaseEncoding phaseEncoding,
        int volumes,
        int b0,
        List<Shell> shells,
        Map<String, String> headerOverrides) {

    /** The content and contrast of the series. */
    enum SeriesKind {
        LOCALIZER(false),
        T1(false),
        T2(false),
        BOLD(true),
        DWI(true),
        SE_EPI(true),
        PHANTOM_EPI(true),
        GRE_MAGNITUDE(false),
        GRE_PHASE(false);

        private final boolean epi;

        SeriesKind(boolean epi) {
            this.epi = epi;
        }

        /** Read out by an EPI train: Siemens stores such volumes as mosaics. */
        boolean epi() {
            return epi;
        }

        /** Excited as one slab, so that slices have no times of their own. */
        boolean threeDimensional() {
            return this == T1 || this == T2;
        }
    }

    /** Plane of the slices. */
    enum Orientation {
        AXIAL,
        SAGITTAL,
        CORONAL
    }

    /** Direction in which phase encoding runs over the patient. */
    enum PhaseEncoding {
        AP,
        PA,
        RL,
        LR
    }

    /** One shell of a diffusion series. */
    record Shell(int bValue, int directions) {}

    /** Distance of neighbouring slice centres. */
    double sliceStep() {
        return spacing[2] + gap;
    }

    /** Duration of one volume in ms: TR for multi-slice series, the whole scan for a slab. */
    double volumeDuration() {
        return kind.epi() ? repetitionTime : repetitionTime * Math.max(1, rows);
    }

    SeriesProtocol withDescription(String text) {
        return copy(
                text,
                repetitionTime,
                echoTimes,
                inversionTime,
                flipAngle,
                bandwidth,
                echoSpacing,
                phaseEncoding,
                volumes,
                headerOverrides);
    }

    SeriesProtocol withVolumes(int count) {
        return copy(
                description,
                repetitionTime,
                echoTimes,
                inversionTime,
                flipAngle,
                bandwidth,
                echoSpacing,
                phaseEncoding,
                count,
                headerOverrides);
    }

    /** Parameters that {@link #with} changes everywhere they occur: public header, private header and protocol text. */
    static final Set<String> PARAMETERS = Set.of(
            "RepetitionTime",
            "EchoTime",
            "InversionTime",
            "FlipAngle",
            "PixelBandwidth",
            "EchoSpacing",
            "PhaseEncodingDirection");

    /** The protocol with one parameter changed, or with a DICOM attribute set to a text when the name is none of {@link #PARAMETERS}. */
    SeriesProtocol with(String parameter, String value) {
        double tr = repetitionTime;
        double[] te = echoTimes.clone();
        double ti = inversionTime;
        double flip = flipAngle;
        double bw = bandwidth;
        double spacingOfEchoes = echoSpacing;
        PhaseEncoding pe = phaseEncoding;
        Map<String, String> overrides = headerOverrides;
        switch (parameter) {
            case "RepetitionTime" -> tr = Double.parseDouble(value);
            case "EchoTime" -> te[0] = Double.parseDouble(value);
            case "InversionTime" -> ti = Double.parseDouble(value);
            case "FlipAngle" -> flip = Double.parseDouble(value);
            case "PixelBandwidth" -> bw = Double.parseDouble(value);
            case "EchoSpacing" -> spacingOfEchoes = Double.parseDouble(value);
            case "PhaseEncodingDirection" -> pe = PhaseEncoding.valueOf(value);
            default -> {
                Map<String, String> more = new TreeMap<>(headerOverrides);
                more.put(parameter, value);
                overrides = more;
            }
        }
        return copy(description, tr, te, ti, flip, bw, spacingOfEchoes, pe, volumes, overrides);
    }

    private SeriesProtocol copy(
            String text,
            double tr,
            double[] te,
            double ti,
            double flip,
            double bw,
            double es,
            PhaseEncoding pe,
            int count,
            Map<String, String> overrides) {
        return new SeriesProtocol(
                key,
                tag,
                kind,
                text,
                orientation,
                columns,
                rows,
                slices,
                spacing,
                gap,
                tilt,
                tr,
                te,
                ti,
                flip,
                bw,
                es,
                pe,
                count,
                b0,
                shells,
                overrides);
    }

    /** All values that determine the written bytes, as text for a hash. */
    String canonical() {
        return String.join(
                "|",
                key,
                tag,
                kind.name(),
                description,
                orientation.name(),
                columns + "x" + rows + "x" + slices,
                Arrays.toString(spacing),
                gap + "",
                tilt + "",
                repetitionTime + "",
                Arrays.toString(echoTimes),
                inversionTime + "",
                flipAngle + "",
                bandwidth + "",
                echoSpacing + "",
                phaseEncoding.name(),
                volumes + "",
                b0 + "",
                shells.toString(),
                headerOverrides.toString());
    }
}
