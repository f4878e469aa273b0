package org.datman.simulator.scanner;

import java.util.Locale;
import java.util.StringJoiner;
import org.datman.simulator.scanner.SeriesProtocol.SeriesKind;

/**
 * Siemens, software line VE11: EPI volumes as mosaics, the CSA headers of type SV10, the elements (0019,10xx) and (0051,10xx), and the protocol text
 * of the series header.
 */
final class SiemensHeader implements VendorHeader {
    private final SeriesPlan plan;
    private final SeriesProtocol p;
    private final Frames frames;

    SiemensHeader(SeriesPlan plan, Frames frames) {
        this.plan = plan;
        this.p = plan.protocol();
        this.frames = frames;
    }

    @Override
    public boolean mosaic() {
        return p.kind().epi();
    }

    @Override
    public int storedMax() {
        return 4095;
    }

    @Override
    public int instance(int frame, int slice) {
        return mosaic() ? frame + 1 : frame * p.slices() + slice + 1;
    }

    @Override
    public void series(Header h) {
        h.cs(0x00080008, imageType())
                .lo(0x00080070, "SIEMENS")
                .cs(0x00180020, scanningSequence())
                .cs(0x00180021, p.kind().epi() ? "SK" : p.kind() == SeriesKind.T1 ? "SK\\SP\\MP" : "SP")
                .cs(0x00180022, p.kind().epi() ? "FS" : p.kind() == SeriesKind.T1 ? "IR" : "")
                .cs(0x00180023, p.kind().threeDimensional() ? "3D" : "2D")
                .cs(0x00180025, "N")
                .ds(0x00180084, 123.254846)
                .sh(0x00181251, "Body")
                .us(0x00280101, 12)
                .us(0x00280102, 11)
                .us(0x00280103, 0)
                .lo(0x00190010, "SIEMENS MR HEADER")
                .cs(0x00191008, "IMAGE NUM 4")
                .lo(0x00191009, "1.0")
                .lo(0x00290010, "SIEMENS CSA HEADER")
                .lo(0x00290011, "SIEMENS MEDCOM HEADER2")
                .cs(0x00291008, "IMAGE NUM 4")
                .lo(0x00291009, "20261101")
                .cs(0x00291018, "MR")
                .lo(0x00291019, "20261101")
                .ob(0x00291020, seriesCsa().bytes())
                .lo(0x00291160, "com")
                .lo(0x00510010, "SIEMENS MR HEADER")
                .cs(0x00511008, "IMAGE NUM 4")
                .lo(0x00511009, "1.0")
                .lo(0x0051100A, String.format(Locale.ROOT, "TA %.2f", frames.count() * p.volumeDuration() / 1000))
                .lo(0x0051100B, matrixText())
                .lo(
                        0x0051100C,
                        String.format(
                                Locale.ROOT, "FoV %.0f*%.0f", p.rows() * p.spacing()[1], p.columns() * p.spacing()[0]))
                .lo(0x0051100E, orientationText())
                .lo(0x0051100F, plan.coil())
                .sh(0x00511012, "TP 0")
                .sh(0x00511013, "+LPH")
                .lo(
                        0x00511016,
                        imageType().substring("ORIGINAL\\PRIMARY\\".length()).replace('\\', '/'))
                .sh(0x00511017, String.format(Locale.ROOT, "SL %.1f", p.spacing()[2]))
                .lo(0x00511019, p.kind().epi() ? "A1/FS" : "A1");
        if (p.kind() == SeriesKind.GRE_PHASE) {
            // 12 bits hold one turn.
            h.ds(0x00281052, -4096).ds(0x00281053, 2).lo(0x00281054, "US");
        }
        if (mosaic()) {
            int tiles = tiles();
            h.us(0x00280010, tiles * p.rows()).us(0x00280011, tiles * p.columns());
            h.us(0x0019100A, p.slices()).fd(0x00191028, phaseBandwidth()).fd(0x00191029, plan.sliceTimes());
        }
    }

    @Override
    public void frame(Header h, int frame) {
        double start = CommonHeader.volumeStart(plan, p.kind().epi() ? frame : 0);
        int b = frames.bValue(frame);
        h.sh(0x00180024, sequenceName(frame))
                .ds(0x00180081, p.echoTimes()[frames.echo(frame)])
                .is(0x00180086, frames.echo(frame) + 1)
                .is(0x00200012, p.kind().epi() ? frame + 1 : 1)
                .text(0x00080032, "TM", CommonHeader.time(start))
                .text(0x00080013, "TM", CommonHeader.time(start + 4))
                .text(0x00080033, "TM", CommonHeader.time(start + 4));
        if (p.kind() == SeriesKind.DWI) {
            h.is(0x0019100C, b).cs(0x0019100D, b == 0 ? "NONE" : "DIRECTIONAL");
            if (b > 0) {
                double[] g = SliceGeometry.lps(frames.gradient(frame));
                h.fd(0x0019100E, g).fd(0x00191027, bMatrix(b, g));
            }
        }
    }

    @Override
    public void slice(Header h, int frame, int slice) {
        SliceGeometry geometry = new SliceGeometry(frames.grid(frame));
        double[] position = mosaic() ? geometry.mosaicPosition(tiles()) : geometry.position(slice);
        h.fd(0x00191015, position)
                .ob(0x00291010, imageCsa(frame, slice, geometry, position).bytes());
        if (!mosaic() && !p.kind().threeDimensional()) {
            h.text(0x00080032, "TM", CommonHeader.time(plan.startSeconds() + plan.sliceTimes()[slice] / 1000));
        }
        if (!mosaic()) {
            h.sh(0x0051100D, String.format(Locale.ROOT, "SP %.1f", geometry.location(slice)));
        }
    }

    /** Side of the square of tiles that holds all slices. */
    int tiles() {
        return (int) Math.ceil(Math.sqrt(p.slices()));
    }

    private CsaHeader imageCsa(int frame, int slice, SliceGeometry geometry, double[] position) {
        CsaHeader csa = new CsaHeader()
                .integer("EchoLinePosition", p.rows() / 2)
                .integer("EchoColumnPosition", p.columns() / 2)
                .integer("EchoPartitionPosition", 32)
                .empty("UsedChannelMask", 1, "IS")
                .text("ICE_Dims", "LO", "X_1_1_1_" + (frame + 1) + "_1_1_" + (slice + 1) + "_1_1_1_1_69");
        int b = frames.bValue(frame);
        if (p.kind() == SeriesKind.DWI) {
            csa.integer("B_value", b);
        } else {
            csa.empty("B_value", 1, "IS");
        }
        csa.integer("ProtocolSliceNumber", slice)
                .decimal("SliceMeasurementDuration", p.repetitionTime() / p.slices() * 1000)
                .text("AcquisitionMatrixText", "SH", matrixText())
                .integer("MeasuredFourierLines", 0)
                .integer("PhaseEncodingDirectionPositive", plan.phasePositive() ? 1 : 0);
        if (mosaic()) {
            csa.count("NumberOfImagesInMosaic", p.slices());
        } else {
            csa.empty("NumberOfImagesInMosaic", 1, "US");
        }
        double[] g = SliceGeometry.lps(frames.gradient(frame));
        if (b > 0) {
            csa.real("DiffusionGradientDirection", g);
        } else {
            csa.empty("DiffusionGradientDirection", 3, "FD");
        }
        if (mosaic()) {
            csa.real("SliceNormalVector", geometry.normal());
        } else {
            csa.empty("SliceNormalVector", 3, "FD");
        }
        if (p.kind() == SeriesKind.DWI) {
            csa.text("DiffusionDirectionality", "CS", b > 0 ? "DIRECTIONAL" : "NONE");
        } else {
            csa.empty("DiffusionDirectionality", 1, "CS");
        }
        csa.decimal("TimeAfterStart", mosaic() ? frame * p.volumeDuration() / 1000 : plan.sliceTimes()[slice] / 1000)
                .integer("ImaAbsTablePosition", 0, 0, -1250)
                .count("NonPlanarImage", 0)
                .real("SlicePosition_PCS", position)
                .integer("ImaRelTablePosition", 0, 0, 0)
                .text("ImaCoilString", "LO", plan.coil())
                .empty("ImaPATModeText", 1, "LO");
        if (b > 0) {
            csa.real("B_matrix", bMatrix(b, g));
        } else {
            csa.empty("B_matrix", 6, "FD");
        }
        if (p.kind().epi()) {
            csa.real("BandwidthPerPixelPhaseEncode", phaseBandwidth());
        } else {
            csa.empty("BandwidthPerPixelPhaseEncode", 1, "FD");
        }
        return mosaic() ? csa.reals("MosaicRefAcqTimes", plan.sliceTimes()) : csa.empty("MosaicRefAcqTimes", 0, "FD");
    }

    private CsaHeader seriesCsa() {
        return new CsaHeader()
                .integer("UsedPatientWeight", 70)
                .decimal("GradientDelayTime", 35, 35, 30)
                .text("SequenceFileOwner", "SH", "SIEMENS")
                .text("PositivePCSDirections", "SH", "+LPH")
                .text("CoilString", "LO", plan.coil())
                .text("MrPhoenixProtocol", "UN", protocolText())
                .integer("EchoTrainLength", p.kind().epi() ? plan.phaseSteps() : 1);
    }

    /** The part of the protocol print that converters and checkers read, in Siemens' units (µs). */
    private String protocolText() {
        StringJoiner text = new StringJoiner("\n", "### ASCCONV BEGIN ###\n", "\n### ASCCONV END ###");
        line(text, "tSequenceFileName", quoted("%SiemensSeq%\\" + sequenceFile()));
        line(text, "tProtocolName", quoted(p.description()));
        line(text, "alTR[0]", Math.round(p.repetitionTime() * 1000));
        line(text, "lContrasts", p.echoTimes().length);
        for (int e = 0; e < p.echoTimes().length; e++) {
            line(text, "alTE[" + e + "]", Math.round(p.echoTimes()[e] * 1000));
        }
        if (p.inversionTime() > 0) {
            line(text, "alTI[0]", Math.round(p.inversionTime() * 1000));
        }
        line(text, "adFlipAngleDegree[0]", CommonHeader.decimal(p.flipAngle()));
        line(text, "sKSpace.lBaseResolution", p.columns());
        line(text, "sKSpace.lPhaseEncodingLines", plan.phaseSteps());
        line(text, "sSliceArray.lSize", p.kind().threeDimensional() ? 1 : p.slices());
        line(text, "sSliceArray.asSlice[0].dThickness", CommonHeader.decimal(p.spacing()[2]));
        line(text, "sSliceArray.asSlice[0].dPhaseFOV", CommonHeader.decimal(p.rows() * p.spacing()[1]));
        line(text, "sSliceArray.asSlice[0].dReadoutFOV", CommonHeader.decimal(p.columns() * p.spacing()[0]));
        line(text, "sSliceArray.ucMode", 4);
        if (p.kind().epi()) {
            line(text, "sFastImaging.lEPIFactor", plan.phaseSteps());
            line(text, "sFastImaging.lEchoSpacing", Math.round(p.echoSpacing() * 1000));
            line(text, "lRepetitions", p.volumes() - 1);
        }
        line(
                text,
                "sCoilSelectMeas.aRxCoilSelectData[0].asList[0].sCoilElementID.tCoilID",
                quoted(plan.scanner().coil()));
        return text.toString();
    }

    private static void line(StringJoiner text, String key, Object value) {
        text.add(key + "\t = \t" + value);
    }

    private static String quoted(String value) {
        return "\"\"" + value + "\"\"";
    }

    /** Hz per pixel along phase encoding: the inverse of the time that all lines take. */
    private double phaseBandwidth() {
        return 1000 / (p.echoSpacing() * plan.phaseSteps());
    }

    private static double[] bMatrix(int b, double[] g) {
        return new double[] {
            b * g[0] * g[0], b * g[0] * g[1], b * g[0] * g[2], b * g[1] * g[1], b * g[1] * g[2], b * g[2] * g[2]
        };
    }

    private String imageType() {
        return switch (p.kind()) {
            case T1, T2 -> "ORIGINAL\\PRIMARY\\M\\ND\\NORM";
            case LOCALIZER -> "ORIGINAL\\PRIMARY\\M\\NORM\\DIS2D";
            case BOLD, PHANTOM_EPI, SE_EPI -> "ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC";
            case DWI -> "ORIGINAL\\PRIMARY\\DIFFUSION\\NONE\\ND\\NORM\\MOSAIC";
            case GRE_MAGNITUDE -> "ORIGINAL\\PRIMARY\\M\\ND";
            case GRE_PHASE -> "ORIGINAL\\PRIMARY\\P\\ND";
        };
    }

    private String scanningSequence() {
        return switch (p.kind()) {
            case T1 -> "GR\\IR";
            case T2 -> "SE";
            case BOLD, PHANTOM_EPI, DWI, SE_EPI -> "EP";
            case LOCALIZER, GRE_MAGNITUDE, GRE_PHASE -> "GR";
        };
    }

    private String sequenceName(int frame) {
        return switch (p.kind()) {
            case T1 -> "*tfl3d1_16ns";
            case T2 -> "*spc_284ns";
            case BOLD, PHANTOM_EPI -> "*epfid2d1_" + p.columns();
            case SE_EPI -> "*epse2d1_" + p.columns();
            case DWI -> frames.bValue(frame) == 0 ? "*ep_b0" : "*ep_b" + frames.bValue(frame) + "#" + frame;
            case LOCALIZER -> "*fl2d1";
            case GRE_MAGNITUDE, GRE_PHASE -> "*fm2d2r";
        };
    }

    private String sequenceFile() {
        return switch (p.kind()) {
            case T1 -> "tfl";
            case T2 -> "tse_vfl";
            case BOLD, PHANTOM_EPI -> "ep2d_bold";
            case SE_EPI -> "ep2d_se";
            case DWI -> "ep2d_diff";
            case LOCALIZER -> "gre";
            case GRE_MAGNITUDE, GRE_PHASE -> "gre_field_mapping";
        };
    }

    private String matrixText() {
        return plan.phaseSteps() + (plan.phaseAlongColumns() ? "p*" + p.columns() : "*" + p.rows() + "s");
    }

    private String orientationText() {
        return switch (p.orientation()) {
            case AXIAL -> p.tilt() == 0 ? "Tra" : String.format(Locale.ROOT, "Tra>Cor(%.1f)", p.tilt());
            case SAGITTAL -> "Sag";
            case CORONAL -> "Cor";
        };
    }
}
