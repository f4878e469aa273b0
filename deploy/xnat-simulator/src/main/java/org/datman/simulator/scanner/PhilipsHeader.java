package org.datman.simulator.scanner;

import org.datman.simulator.scanner.SeriesProtocol.SeriesKind;

/** Philips, release 5.7, classic export: one file per slice, numbered slice by slice, with the groups 2001 and 2005 as far as converters read them. */
final class PhilipsHeader implements VendorHeader {
    private static final double RESCALE_SLOPE = 1.25;

    private final SeriesPlan plan;
    private final SeriesProtocol p;
    private final Frames frames;

    PhilipsHeader(SeriesPlan plan, Frames frames) {
        this.plan = plan;
        this.p = plan.protocol();
        this.frames = frames;
    }

    @Override
    public int storedMax() {
        return 4095;
    }

    @Override
    public int instance(int frame, int slice) {
        return slice * frames.count() + frame + 1;
    }

    @Override
    public void series(Header h) {
        boolean spinEcho = p.kind() == SeriesKind.DWI || p.kind() == SeriesKind.SE_EPI || p.kind() == SeriesKind.T2;
        String contrast = spinEcho ? "SE" : "FFE";
        h.cs(0x00080008, "ORIGINAL\\PRIMARY\\M_" + contrast + "\\M\\" + contrast)
                .lo(0x00080070, "Philips")
                .cs(0x00180020, spinEcho ? "SE" : "GR")
                .cs(0x00180021, p.kind() == SeriesKind.T1 ? "MP" : "SK")
                .cs(0x00180022, p.kind().epi() ? "FS" : "OTHER")
                .cs(0x00180023, p.kind().threeDimensional() ? "3D" : "2D")
                .sh(0x00180024, "")
                .ds(0x00180084, 127.748512)
                .lo(0x00181030, "WIP " + p.description())
                .sh(0x00181250, plan.scanner().coil())
                .sh(0x00181251, "BODY")
                .fd(0x00189073, p.volumes() * p.volumeDuration() / 1000)
                .is(0x00200105, p.volumes())
                .us(0x00280101, 12)
                .us(0x00280102, 11)
                .us(0x00280103, 0)
                .ds(0x00281052, 0)
                .ds(0x00281053, RESCALE_SLOPE)
                .lo(0x00281054, "normalized")
                .lo(0x20010010, "Philips Imaging DD 001")
                .sl(0x20011013, p.kind().epi() ? plan.phaseSteps() : 1)
                .sl(0x20011014, p.echoTimes().length)
                .sl(0x20011018, p.slices())
                .lo(0x20011020, p.kind().epi() ? (spinEcho ? "SEEPI" : "FEEPI") : contrast)
                .is(0x20011081, p.volumes())
                .lo(0x20050010, "Philips MR Imaging DD 001")
                .fl(0x2005100D, 0)
                .fl(0x2005100E, 1)
                .cs(0x20051011, "M");
        if (p.kind().epi()) {
            // The fat shift in pixels that goes with the echo spacing at 3 T.
            double perPixel = 1000 / (p.echoSpacing() * plan.phaseSteps());
            h.fl(0x20011022, 127.748512 * 3.4 / perPixel);
        }
    }

    @Override
    public void frame(Header h, int frame) {
        String start = CommonHeader.time(
                CommonHeader.volumeStart(plan, p.kind().epi() && p.kind() != SeriesKind.DWI ? frame : 0));
        int b = frames.bValue(frame);
        h.ds(0x00180081, p.echoTimes()[frames.echo(frame)])
                .is(0x00180086, frames.echo(frame) + 1)
                .is(0x00200012, plan.number())
                .is(0x00200100, p.kind() == SeriesKind.DWI ? 1 : frame + 1)
                .text(0x00080032, "TM", start)
                .text(0x00080033, "TM", start)
                .text(0x00080013, "TM", start);
        if (p.kind() == SeriesKind.DWI) {
            double[] g = SliceGeometry.lps(frames.gradient(frame));
            h.fd(0x00189087, b)
                    .fd(0x00189089, g)
                    .fl(0x20011003, b)
                    .cs(0x20011004, b == 0 ? "N" : "O")
                    .fl(0x200510B0, g[0])
                    .fl(0x200510B1, g[1])
                    .fl(0x200510B2, g[2]);
        }
    }

    /** The plane that the slice normal is closest to. */
    private String plane(int frame) {
        double[] n = new SliceGeometry(frames.grid(frame)).normal();
        if (Math.abs(n[2]) > 0.7) {
            return "TRANSVERSAL";
        }
        return Math.abs(n[0]) > 0.7 ? "SAGITTAL" : "CORONAL";
    }

    @Override
    public void slice(Header h, int frame, int slice) {
        h.is(0x2001100A, slice + 1).cs(0x2001100B, plane(frame));
    }
}
