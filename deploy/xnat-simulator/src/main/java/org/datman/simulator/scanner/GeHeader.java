package org.datman.simulator.scanner;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.datman.simulator.scanner.SeriesProtocol.SeriesKind;

/**
 * GE, software DV26: one file per slice, with the groups 0019, 0021, 0025, 0027 and 0043 as far as converters read them, and the compressed
 * protocol block that carries the slice order.
 */
final class GeHeader implements VendorHeader {
    private final SeriesPlan plan;
    private final SeriesProtocol p;
    private final Frames frames;

    GeHeader(SeriesPlan plan, Frames frames) {
        this.plan = plan;
        this.p = plan.protocol();
        this.frames = frames;
    }

    @Override
    public int storedMax() {
        return 32767;
    }

    @Override
    public int instance(int frame, int slice) {
        return frame * p.slices() + slice + 1;
    }

    @Override
    public void series(Header h) {
        boolean bold = p.kind() == SeriesKind.BOLD || p.kind() == SeriesKind.PHANTOM_EPI;
        h.cs(0x00080008, bold ? "ORIGINAL\\PRIMARY\\EPI\\NONE" : "ORIGINAL\\PRIMARY\\OTHER")
                .lo(0x00080070, "GE MEDICAL SYSTEMS")
                .cs(0x00180020, scanningSequence())
                .cs(0x00180021, bold ? "SS" : "NONE")
                .cs(0x00180022, scanOptions())
                .cs(0x00180023, p.kind().threeDimensional() ? "3D" : "2D")
                .cs(0x00180025, "N")
                .ds(0x00180084, 127.7277)
                .is(0x00180091, 1)
                .sh(0x00181250, plan.scanner().coil())
                // As on MR29.1: LINEAR is the flipped polarity, which is j in an image that dcm2niix made.
                .cs(0x00189034, plan.phasePositive() ? "REVERSE_LINEAR" : "LINEAR")
                .is(0x00201002, p.slices() * p.volumes())
                .us(0x00280101, 16)
                .us(0x00280102, 15)
                .us(0x00280103, 1)
                .lo(0x00090010, "GEMS_IDEN_01")
                .lo(0x00190010, "GEMS_ACQU_01")
                .fl(0x0019105A, 1000 * p.volumes() * p.volumeDuration())
                .ss(0x0019107E, 1)
                .ss(0x0019108F, 1)
                .lo(0x0019109C, sequence())
                .lo(0x0019109E, p.kind().epi() ? (bold ? "EPI" : "EPI2") : "EFGRE3D")
                .lo(0x00210010, "GEMS_RELA_01")
                .ss(0x0021104F, p.slices())
                .lo(0x00250010, "GEMS_SERS_01")
                .sl(0x00251007, p.slices() * p.volumes())
                .ob(0x0025101B, protocolBlock())
                .lo(0x00270010, "GEMS_IMAG_01")
                .lo(0x00430010, "GEMS_PARM_01")
                .text(0x00431039, "IS", "0\\8\\0\\0")
                .lo(0x00431081, "C-GE_" + plan.scanner().coil())
                .ds(0x00431083, 1, 1)
                .cs(0x0043108A, plan.phaseAlongColumns() ? "COL" : "ROW");
        h.sl(0x00091027, CommonHeader.epoch(plan.date(), plan.startSeconds()));
        if (p.kind().epi()) {
            h.ss(0x0043102C, (int) Math.round(p.echoSpacing() * 1000));
            h.is(0x00200105, p.volumes());
        }
    }

    @Override
    public void frame(Header h, int frame) {
        String start = CommonHeader.time(CommonHeader.volumeStart(plan, p.kind().epi() ? frame : 0))
                .substring(0, 6);
        h.ds(0x00180081, p.echoTimes()[frames.echo(frame)])
                .is(0x00180086, frames.echo(frame) + 1)
                .is(0x00200012, 1)
                .text(0x00080032, "TM", start)
                .text(0x00080033, "TM", start)
                .text(0x00080013, "TM", start);
        if (p.kind().epi() && p.kind() != SeriesKind.DWI) {
            h.is(0x00200100, frame + 1);
        }
        if (p.kind() == SeriesKind.DWI) {
            diffusion(h, frame);
        }
    }

    /**
     * The gradient in the frame of the image: 10BB along the rows (with the sign turned), 10BC up the columns, 10BD along the slice normal. A weaker
     * shell is written as a shorter vector under the series' largest b-value.
     */
    private void diffusion(Header h, int frame) {
        int b = frames.bValue(frame);
        int largest =
                p.shells().stream().mapToInt(SeriesProtocol.Shell::bValue).max().orElse(0);
        double[] g = SliceGeometry.lps(frames.gradient(frame));
        SliceGeometry geometry = new SliceGeometry(frames.grid(frame));
        double length = b == 0 ? 0 : Math.sqrt((double) b / largest);
        h.text(0x00431039, "IS", (b == 0 ? 0 : largest) + "\\8\\0\\0")
                .ds(0x001910BB, micro(-length * SliceGeometry.dot(g, geometry.rowDirection())))
                .ds(0x001910BC, micro(-length * SliceGeometry.dot(g, geometry.columnDirection())))
                .ds(0x001910BD, micro(length * SliceGeometry.dot(g, geometry.normal())))
                .ds(0x001910DF, 1)
                .ds(
                        0x001910E0,
                        p.shells().stream()
                                .mapToInt(SeriesProtocol.Shell::directions)
                                .sum());
    }

    private static double micro(double v) {
        return Math.round(v * 1e6) / 1e6;
    }

    @Override
    public void slice(Header h, int frame, int slice) {
        SliceGeometry geometry = new SliceGeometry(frames.grid(frame));
        h.text(0x00209056, "SH", "1").fl(0x00271041, geometry.location(slice));
    }

    private String scanningSequence() {
        return switch (p.kind()) {
            case T1, LOCALIZER, GRE_MAGNITUDE, GRE_PHASE -> "GR";
            case T2 -> "SE";
            case BOLD, PHANTOM_EPI -> "EP\\GR";
            case DWI, SE_EPI -> "EP\\SE";
        };
    }

    private String scanOptions() {
        return switch (p.kind()) {
            case T1 -> "IR_GEMS\\EDR_GEMS";
            case T2 -> "EDR_GEMS\\FS";
            case LOCALIZER, GRE_MAGNITUDE, GRE_PHASE -> "FAST_GEMS";
            case BOLD, PHANTOM_EPI -> "EPI_GEMS\\FS";
            case DWI, SE_EPI -> "EDR_GEMS\\EPI_GEMS\\FS";
        };
    }

    private String sequence() {
        return switch (p.kind()) {
            case T1 -> "bravo";
            case T2 -> "cube";
            case LOCALIZER, GRE_MAGNITUDE, GRE_PHASE -> "fgre";
            case BOLD, PHANTOM_EPI -> "epi";
            case DWI, SE_EPI -> "epi2";
        };
    }

    /** The scan protocol as GE stores it: length, then a gzip of lines {@code KEY "value"}. */
    private byte[] protocolBlock() {
        String text = String.join(
                "\n",
                "POSITION \"Supine\"",
                "ENTRY \"Head First\"",
                "SEDESC \"" + p.description() + "\"",
                "IMODE \"" + (p.kind().threeDimensional() ? "3D" : "2D") + "\"",
                "FLIPANG \"" + CommonHeader.decimal(p.flipAngle()) + "\"",
                "TE \"" + CommonHeader.decimal(p.echoTimes()[0]) + "\"",
                "TR \"" + CommonHeader.decimal(p.repetitionTime()) + "\"",
                "SLICEORDER \"1\"",
                "VIEWORDER \"" + (plan.phasePositive() ? 0 : 1) + "\"",
                "SLPERLOC \"" + p.volumes() + "\"",
                "SLTHICK \"" + CommonHeader.decimal(p.spacing()[2]) + "\"",
                "NOSLC \"" + p.slices() + "\"",
                "MATRIXX \"" + p.columns() + "\"",
                "MATRIXY \"" + p.rows() + "\"",
                "");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] zipped = bytes.toByteArray();
        return ByteBuffer.allocate(4 + zipped.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(zipped.length)
                .put(zipped)
                .array();
    }
}
