package org.datman.simulator.scanner;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The attributes that all vendors write alike. The patient's name is the session's label: no person is in any header. */
final class CommonHeader {
    private static final DateTimeFormatter DATE = DateTimeFormatter.BASIC_ISO_DATE;

    private CommonHeader() {}

    /** Attributes that are the same in all files of a series. */
    static Header series(SeriesPlan plan) {
        SeriesProtocol p = plan.protocol();
        String date = DATE.format(plan.date());
        Header h = new Header()
                .cs(0x00080005, "ISO_IR 100")
                .text(0x00080012, "DA", date)
                .ui(0x00080016, Uids.MR_IMAGE_STORAGE)
                .text(0x00080020, "DA", date)
                .text(0x00080021, "DA", date)
                .text(0x00080022, "DA", date)
                .text(0x00080023, "DA", date)
                .text(0x00080030, "TM", "090000.000000")
                .text(0x00080031, "TM", time(plan.startSeconds()))
                .sh(0x00080050, "")
                .cs(0x00080060, "MR")
                .lo(0x00080080, plan.scanner().institution())
                .text(0x00080090, "PN", "")
                .sh(0x00081010, plan.scanner().station())
                .lo(0x00081030, plan.project())
                .lo(0x0008103E, p.description())
                .lo(0x00081090, plan.scanner().model())
                .text(0x00100010, "PN", plan.sessionLabel())
                .lo(0x00100020, plan.subjectLabel())
                .text(0x00100030, "DA", "")
                .cs(0x00100040, "O")
                .ds(0x00101030, 70)
                .cs(0x00180015, plan.phantom() ? "PHANTOM" : "BRAIN")
                .ds(0x00180050, p.spacing()[2])
                .ds(0x00180080, p.repetitionTime())
                .ds(0x00180083, 1)
                .text(0x00180085, "SH", "1H")
                .ds(0x00180087, 3)
                .ds(0x00180088, p.sliceStep())
                .is(0x00180089, plan.phaseSteps())
                .is(0x00180091, p.kind().epi() ? plan.phaseSteps() : 1)
                .ds(0x00180093, 100)
                .ds(0x00180094, 100)
                .ds(0x00180095, p.bandwidth())
                .lo(0x00181000, plan.scanner().serialNumber())
                .lo(0x00181020, plan.scanner().software())
                .lo(0x00181030, p.description())
                .us(0x00181310, acquisitionMatrix(plan))
                .cs(0x00181312, plan.phaseAlongColumns() ? "COL" : "ROW")
                .ds(0x00181314, p.flipAngle())
                .cs(0x00181315, "N")
                .cs(0x00185100, "HFS")
                .ui(0x0020000D, plan.studyUid())
                .ui(0x0020000E, plan.seriesUid())
                .sh(0x00200010, "1")
                .is(0x00200011, plan.number())
                .ui(0x00200052, plan.frameOfReferenceUid())
                .lo(0x00201040, "")
                .us(0x00280002, 1)
                .cs(0x00280004, "MONOCHROME2")
                .us(0x00280010, p.rows())
                .us(0x00280011, p.columns())
                .us(0x00280100, 16);
        if (p.inversionTime() > 0) {
            h.ds(0x00180082, p.inversionTime());
        }
        return h;
    }

    /** A drifted attribute overrides the vendor's value. */
    static void override(Header h, SeriesPlan plan) {
        plan.protocol().headerOverrides().forEach(h::set);
    }

    /** Frequency rows, frequency columns, phase rows, phase columns (0018,1310). */
    private static int[] acquisitionMatrix(SeriesPlan plan) {
        SeriesProtocol p = plan.protocol();
        return plan.phaseAlongColumns()
                ? new int[] {p.columns(), 0, 0, p.rows()}
                : new int[] {0, p.rows(), p.columns(), 0};
    }

    /** When a volume's acquisition begins, seconds after midnight. */
    static double volumeStart(SeriesPlan plan, int frame) {
        return plan.startSeconds() + frame * plan.protocol().volumeDuration() / 1000;
    }

    /** A DICOM time from seconds after midnight. */
    static String time(double seconds) {
        long micros = Math.round(seconds * 1e6);
        return String.format(
                Locale.ROOT,
                "%02d%02d%02d.%06d",
                micros / 3_600_000_000L,
                micros / 60_000_000 % 60,
                micros / 1_000_000 % 60,
                micros % 1_000_000);
    }

    /** Seconds since 1970 (UTC), as GE writes them. */
    static int epoch(LocalDate date, double seconds) {
        return (int) date.atTime(LocalTime.ofSecondOfDay((long) seconds)).toEpochSecond(ZoneOffset.UTC);
    }

    /** A number as protocol texts write it: without trailing zeros. */
    static String decimal(double value) {
        return new BigDecimal(String.format(Locale.ROOT, "%.6f", value))
                .stripTrailingZeros()
                .toPlainString();
    }
}
