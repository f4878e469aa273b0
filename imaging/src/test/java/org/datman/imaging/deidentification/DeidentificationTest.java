package org.datman.imaging.deidentification;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomElement;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Dictionary;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeidentificationTest {

    private static final String EXPLICIT = "1.2.840.10008.1.2.1";
    private static final String JPEG_LS = "1.2.840.10008.1.2.4.80";
    private static final String ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.1";

    /** In no dictionary, protocol or vendor's list. */
    private static final String SECRET = "Zyxwquv";

    private static final short[] PIXELS = {1, -2, 300, 4000, 5, 6, 7, 8};

    @TempDir
    private Path folder;

    @Test
    void whatTheProfileListsIsGoneInEveryKindOfValueAndInNestedDataSets() throws IOException {
        // Given a text in every element that the profile does not let stand, here and below a sequence that stays
        DicomDataset below = planted(DicomDataset.builder()).build();
        Path file = write(planted(image()).set("ReferencedImageSequence", below).set("SourceImageSequence", below));
        assertThat(text(file)).contains(SECRET);

        // When
        Deidentification.Result result = Deidentification.copy(file, folder.resolve("clean.dcm"));

        // Then
        assertThat(text(folder.resolve("clean.dcm"))).doesNotContain(SECRET);
        assertThat(result.removed()).isGreaterThan(300);
        assertThat(result.emptied()).isGreaterThan(30);
        assertThat(dcmdump(folder.resolve("clean.dcm"))).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @CsvSource({"ISO_IR 192, Ånqvist, UTF-8", "ISO_IR 100, Ånqvist, ISO-8859-1", "ISO_IR 144, Петрова, ISO-8859-5"})
    void thePersonsNameIsNowhereInAnyCharacterSet(String characterSet, String name, String charset) throws IOException {
        // Given the name in elements of which the profile says nothing, in descriptions and in the scanner's own data
        byte[] bytes = name.getBytes(charset);
        Path file = write(image().set("SpecificCharacterSet", characterSet)
                .set("PatientName", name + "^Anna")
                .set("SeriesDescription", "T1 of " + name)
                .set("ReceiveCoilName", name)
                .set("ScanningSequence", "GR")
                .set(0x00290010, Vr.LO, "SIEMENS CSA HEADER")
                .set(0x00291010, Vr.OB, concat("<Name> \"".getBytes(UTF_8), bytes, "\" flAnnaMax 1.5".getBytes(UTF_8)))
                .set(0x00190010, Vr.LO, "SIEMENS MR HEADER")
                .set(0x0019100F, Vr.SH, name));

        // When
        Deidentification.copy(file, folder.resolve("clean.dcm"));

        // Then
        DicomHeader clean = DicomReader.read(folder.resolve("clean.dcm"));
        assertThat(new String(Files.readAllBytes(folder.resolve("clean.dcm")), ISO_8859_1))
                .doesNotContain(new String(bytes, ISO_8859_1));
        assertThat(clean.string("SeriesDescription")).isEmpty();
        assertThat(clean.string("ScanningSequence")).contains("GR");
        byte[] csa = clean.dataset()
                .privateElement(0x29, "SIEMENS CSA HEADER", 0x10)
                .flatMap(DicomElement::bytes)
                .orElseThrow();
        assertThat(new String(csa, ISO_8859_1)).startsWith("<Name> \"XXXXX").contains("flAnnaMax 1.5");
    }

    @Test
    void ofManufacturersElementsOnlyTheListedOnesStay() throws IOException {
        // Given elements of every kind, known creators in another block, and a private sequence
        DicomDataset nested = DicomDataset.builder()
                .set(0x00210010, Vr.LO, "SIEMENS MR SDS 01")
                .set(0x00211019, Vr.OB, "sSliceArray.lSize = 34".getBytes(UTF_8))
                .set(0x00211001, Vr.LO, SECRET)
                .build();
        Path file = write(image().set(0x00190010, Vr.LO, "VENDOR OF " + SECRET)
                .set(0x00191001, Vr.LO, SECRET)
                .set(0x00191002, Vr.UN, SECRET.getBytes(UTF_8))
                .set(0x00191003, Vr.UT, SECRET)
                .set(0x00191004, Vr.DS, "4711")
                .set(0x00190011, Vr.LO, "SIEMENS MR HEADER")
                .set(0x0019110C, Vr.IS, "1000")
                .set(0x00191101, Vr.LO, SECRET)
                .set(0x00210010, Vr.LO, "SIEMENS MR SDS 01")
                .set(0x002110FE, nested)
                .set(0x00430010, Vr.LO, SECRET)
                .set(
                        0x00431001,
                        DicomDataset.builder().set("StudyDate", "20260101").build()));

        // When
        Deidentification.copy(file, folder.resolve("clean.dcm"));

        // Then
        DicomDataset clean = DicomReader.read(folder.resolve("clean.dcm")).dataset();
        assertThat(text(folder.resolve("clean.dcm"))).doesNotContain(SECRET).doesNotContain("4711");
        assertThat(clean.privateElement(0x19, "SIEMENS MR HEADER", 0x0C).flatMap(DicomElement::string))
                .contains("1000");
        assertThat(clean.sequence(0x002110FE).get(0).privateElement(0x21, "SIEMENS MR SDS 01", 0x19))
                .isPresent();
        assertThat(clean.contains(0x00191001)).isFalse();
        assertThat(clean.contains(0x00430010)).isFalse();
    }

    @Test
    void whatQualityControlNeedsStays() throws IOException {
        // Given
        Path file = write(image().set("StudyDate", "20260105")
                .set("PatientBirthDate", "19800203")
                .set("PatientID", "P4711")
                .set("AccessionNumber", "A123456")
                .set("OperatorsName", "Somebody^Else")
                .set("StationName", "MRC1")
                .set("DeviceSerialNumber", "45123")
                .set("SeriesDescription", "Sag T1 BRAVO")
                .set("ProtocolName", "T1 BRAVO")
                .set("RepetitionTime", "2300")
                .set("StudyInstanceUID", "1.2.3.4"));

        // When
        Deidentification.copy(file, folder.resolve("clean.dcm"));

        // Then
        DicomHeader clean = DicomReader.read(folder.resolve("clean.dcm"));
        assertThat(clean.texts(List.of(
                        "StudyDate",
                        "StationName",
                        "DeviceSerialNumber",
                        "SeriesDescription",
                        "ProtocolName",
                        "RepetitionTime",
                        "StudyInstanceUID",
                        "PatientBirthDate",
                        "PatientID",
                        "AccessionNumber",
                        "OperatorsName")))
                .hasSize(7)
                .containsEntry("SeriesDescription", "Sag T1 BRAVO")
                .containsEntry("StudyDate", "20260105");
        assertThat(clean.dataset().contains(Dictionary.tagOf("PatientID"))).isTrue();
        assertThat(clean.string("PatientIdentityRemoved")).contains("YES");
        assertThat(clean.strings("DeidentificationMethod"))
                .allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(64));
        assertThat(clean.sequence("DeidentificationMethodCodeSequence"))
                .extracting(code -> code.string("CodeValue").orElseThrow())
                .containsExactly("113100", "113105", "113106", "113109", "113110", "113111");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.840.10008.1.2", EXPLICIT, "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"})
    void thePixelsStayByteByByteInEveryCoding(String transferSyntax) throws IOException {
        // Given
        Path file = folder.resolve("file.dcm");
        try (OutputStream out = Files.newOutputStream(file)) {
            DicomWriter.write(
                    out, transferSyntax, image().set("PatientName", SECRET).build());
        }

        // When
        Deidentification.copy(file, folder.resolve("clean.dcm"));

        // Then
        DicomHeader before = DicomReader.read(file);
        DicomHeader clean = DicomReader.read(folder.resolve("clean.dcm"));
        assertThat(clean.transferSyntax()).isEqualTo(before.transferSyntax());
        assertThat(clean.string("PatientName")).isEmpty();
        assertThat(clean.integer("Rows")).hasValue(2);
        assertThat(clean.pixelData().orElseThrow().length()).isEqualTo(2L * PIXELS.length);
        if (!clean.transferSyntax().deflated()) {
            assertThat(pixels(folder.resolve("clean.dcm"), clean)).isEqualTo(pixels(file, before));
        }
    }

    @Test
    void compressedPixelsStayFragmentByFragment() throws IOException {
        // Given a data set up to its pixels, then two fragments and what comes behind them
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DicomWriter.write(
                bytes,
                JPEG_LS,
                image().remove(Tag.PIXEL_DATA).set("PatientName", SECRET).build());
        ByteBuffer fragments = ByteBuffer.allocate(12 + 8 + 12 + 14 + 8).order(ByteOrder.LITTLE_ENDIAN);
        fragments
                .putShort((short) 0x7FE0)
                .putShort((short) 0x10)
                .put((byte) 'O')
                .put((byte) 'B');
        fragments.putShort((short) 0).putInt(-1);
        item(fragments, 0);
        item(fragments, 4);
        fragments.put(new byte[] {1, 2, 3, 4});
        item(fragments, 6);
        fragments.put(new byte[] {5, 6, 7, 8, 9, 10});
        fragments.putShort((short) 0xFFFE).putShort((short) 0xE0DD).putInt(0);
        bytes.writeBytes(fragments.array());
        Path file = folder.resolve("file.dcm");
        Files.write(file, bytes.toByteArray());

        // When
        Deidentification.copy(file, folder.resolve("clean.dcm"));

        // Then
        byte[] clean = Files.readAllBytes(folder.resolve("clean.dcm"));
        assertThat(Arrays.copyOfRange(clean, clean.length - fragments.capacity(), clean.length))
                .isEqualTo(fragments.array());
        assertThat(text(folder.resolve("clean.dcm"))).doesNotContain(SECRET);
    }

    @Test
    void theFilesOfAScannerAreReadableAndUnnamedForDcmtkToo() throws IOException {
        // Given
        Path file = write(planted(image()).set("SOPClassUID", ENHANCED_MR));

        // When
        Deidentification.copy(file, folder.resolve("clean.dcm"));

        // Then
        assertThat(dcmdump(folder.resolve("clean.dcm")))
                .contains("(0012,0062) CS [YES]")
                .contains("(7fe0,0010) OW")
                .doesNotContain(SECRET);
    }

    @Test
    void theClassicElementsOfAPhilipsEnhancedImageStay() throws IOException {
        // Given a frame as Philips describes it, with what names the person beside
        DicomDataset frame = DicomDataset.builder()
                .set("EchoTime", "4.6")
                .set("PatientID", SECRET)
                .set("ScanningSequence", "GR")
                .set(0x20010010, Vr.LO, "Philips Imaging DD 001")
                .set(0x20011003, Vr.FL, new byte[] {0, 0, 0x7a, 0x44})
                .set(0x20011001, Vr.LO, SECRET)
                .build();
        Path file = write(image().set(0x20050014, Vr.LO, "Philips MR Imaging DD 005")
                .set(0x2005140E, frame)
                .set(0x2005140F, frame)
                .set(0x20051410, Vr.LO, SECRET));

        // When
        Deidentification.copy(file, folder.resolve("clean.dcm"));

        // Then
        DicomDataset clean = DicomReader.read(folder.resolve("clean.dcm")).dataset();
        assertThat(text(folder.resolve("clean.dcm"))).doesNotContain(SECRET);
        for (int tag : new int[] {0x2005140E, 0x2005140F}) {
            assertThat(clean.sequence(tag)).singleElement().satisfies(item -> {
                assertThat(item.string("EchoTime")).contains("4.6");
                assertThat(item.privateElement(0x2001, "Philips Imaging DD 001", 3))
                        .isPresent();
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2111", "1000", "2460", "7709"})
    void anIdThatIsANumberAndANameThatIsACodeLeaveWhatTheScannerWrote(String id) throws IOException {
        // Given
        String protocol = "alTE[0] = " + id + " alTR[0] = 23" + id + " <ParamLong.\"TE\"> { " + id + " }";
        Path file = write(image().set("PatientID", id)
                .set("SoftwareVersions", "29", "LX", "RX29.1_R01_" + id + ".a")
                .set("DeviceSerialNumber", id)
                .set("PatientName", "Test_sub^A")
                .set("StationName", "MR " + id)
                .set("ManufacturerModelName", "MR " + id)
                .set("ProtocolName", "T1 " + id + "1")
                .set("SeriesDescription", "T1 of " + id)
                .set(0x00190010, Vr.LO, "SIEMENS MR HEADER")
                .set(0x0019100C, Vr.IS, id)
                .set(0x00191028, Vr.DS, id)
                .set(0x00210010, Vr.LO, "SIEMENS MR SDI 02")
                .set(0x00211075, Vr.CS, "DERIVED", "ASL", "SUB")
                .set(0x00290010, Vr.LO, "SIEMENS CSA HEADER")
                .set(0x00291020, Vr.OB, (protocol + " <ParamString.\"ID\"> { \"" + id + "\" }").getBytes(UTF_8)));

        // When
        Deidentification.copy(file, folder.resolve("clean.dcm"));

        // Then
        DicomHeader clean = DicomReader.read(folder.resolve("clean.dcm"));
        assertThat(clean.strings("SoftwareVersions")).endsWith("RX29.1_R01_" + id + ".a");
        assertThat(clean.texts(List.of("DeviceSerialNumber", "StationName", "ManufacturerModelName", "ProtocolName")))
                .hasSize(4);
        assertThat(clean.string("SeriesDescription")).isEmpty();
        assertThat(clean.dataset().privateElement(0x19, "SIEMENS MR HEADER", 0x0C))
                .isPresent();
        assertThat(clean.dataset().privateElement(0x19, "SIEMENS MR HEADER", 0x28))
                .isPresent();
        assertThat(clean.dataset()
                        .privateElement(0x21, "SIEMENS MR SDI 02", 0x75)
                        .map(DicomElement::strings))
                .contains(List.of("DERIVED", "ASL", "SUB"));
        assertThat(text(folder.resolve("clean.dcm"))).contains(protocol + " <ParamString.\"ID\"> { \"XXXX\" }");
    }

    @Test
    void whatTheTableDoesNotListOfThePatientGoes() throws IOException {
        // Given
        Path file = write(image().set(0x00100033, Vr.LO, SECRET) // PatientBirthDateInAlternativeCalendar
                .set(0x00101022, Vr.DS, "23.45") // PatientBodyMassIndex
                .set(
                        0x00101021,
                        DicomDataset.builder().set("CodeMeaning", SECRET).build())
                .set(0x00400400, Vr.LT, SECRET)); // CommentsOnTheScheduledProcedureStep

        // When
        Deidentification.copy(file, folder.resolve("clean.dcm"));

        // Then
        assertThat(text(folder.resolve("clean.dcm"))).doesNotContain(SECRET, "23.45");
    }

    @ParameterizedTest
    @CsvSource({"OB, SMITH2339", "OW, SMITH2339", "OF, SMITH2339", "UN, SMITH2339", "OB, smith"})
    void aNameIsCoveredAsWrittenInEveryKindOfBinaryValue(Vr vr, String written) throws IOException {
        // Given
        Path file = write(image().set("PatientName", "SMITH2339^A")
                .set("ProtocolName", "T1 SMITH2339")
                .set(0x00290010, Vr.LO, "SIEMENS CSA HEADER")
                .set(0x00291010, vr, ("of " + written + ", by " + written + ". And 23390000").getBytes(UTF_8)));

        // When
        Deidentification.copy(file, folder.resolve("clean.dcm"));

        // Then
        assertThat(text(folder.resolve("clean.dcm")))
                .doesNotContain("SMITH", "smith")
                .contains("of " + "X".repeat(written.length()) + ", by " + "X".repeat(written.length())
                        + ". And 23390000");
    }

    @Test
    void aNameStoredAsUnknownIsFoundInOtherTexts() throws IOException {
        // Given
        Path file = write(image().set(Dictionary.tagOf("PatientName"), Vr.UN, SECRET.getBytes(UTF_8))
                .set("SeriesDescription", "T1 " + SECRET));

        // When
        Deidentification.copy(file, folder.resolve("clean.dcm"));

        // Then
        assertThat(text(folder.resolve("clean.dcm"))).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {EXPLICIT, "1.2.840.10008.1.2.2"})
    void aValueThatItsVrCannotCountIsWrittenAsUnknown(String transferSyntax) throws IOException {
        // Given a sequence from a system that did not know it: the value in it is coded as in implicit VR
        String longText = "a".repeat(70_000);
        ByteBuffer item = ByteBuffer.allocate(16 + longText.length()).order(ByteOrder.LITTLE_ENDIAN);
        item(item, 8 + longText.length());
        item.putShort((short) 0x0008).putShort((short) 0x0104).putInt(longText.length());
        item.put(longText.getBytes(UTF_8));
        Path file = folder.resolve("file.dcm");
        try (OutputStream out = Files.newOutputStream(file)) {
            DicomWriter.write(
                    out,
                    transferSyntax,
                    image().set(Dictionary.tagOf("AnatomicRegionSequence"), Vr.UN, item.array())
                            .build());
        }

        // When
        Deidentification.copy(file, folder.resolve("clean.dcm"));

        // Then
        DicomHeader clean = DicomReader.read(folder.resolve("clean.dcm"));
        assertThat(clean.integer("Rows")).hasValue(2);
        assertThat(clean.sequence("AnatomicRegionSequence"))
                .singleElement()
                .satisfies(region -> assertThat(region.string("CodeMeaning")).contains(longText));
    }

    @Test
    void aTruncatedFileHasNoCopy() throws IOException {
        // Given
        Path file = write(image());
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 5));

        // When / Then
        assertThatThrownBy(() -> Deidentification.copy(file, folder.resolve("clean.dcm")))
                .isInstanceOf(ImageFormatException.class);
        assertThat(folder.resolve("clean.dcm")).doesNotExist();
    }

    private static void item(ByteBuffer out, int length) {
        out.putShort((short) 0xFFFE).putShort((short) 0xE000).putInt(length);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private Path write(DicomDatasetBuilder dataset) throws IOException {
        Path file = folder.resolve("file.dcm");
        DicomWriter.write(file, dataset.build());
        return file;
    }

    private static DicomDatasetBuilder image() {
        return DicomDataset.builder()
                .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                .set("SOPInstanceUID", "1.2.3")
                .set("Manufacturer", "TINY")
                .set("Rows", 2)
                .set("Columns", 4)
                .set("BitsAllocated", 16)
                .set("PixelRepresentation", 1)
                .set(Tag.PIXEL_DATA, Vr.OW, PIXELS);
    }

    /** The secret, in every element of the profile that does not stay, as its VR can hold it. */
    private static DicomDatasetBuilder planted(DicomDatasetBuilder builder) throws IOException {
        int planted = 0;
        try (InputStream in = Deidentification.class.getResourceAsStream("basic-profile.tsv");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
            for (String line : lines.lines().skip(6).toList()) {
                String[] row = line.split("\t");
                int tag = Integer.parseUnsignedInt(row[0].replace('X', '0'), 16);
                if (!row[2].equals("-") || Tag.group(tag) < 8) {
                    continue;
                }
                Vr vr = Dictionary.vr(tag).orElse(Vr.LO);
                planted++;
                switch (vr) {
                    case SQ ->
                        builder.set(
                                tag,
                                DicomDataset.builder()
                                        .set("CodeMeaning", SECRET)
                                        .build());
                    case LO, SH, ST, LT, UT, UC, PN, AE, CS, UR, DA, TM, DT, AS, IS, DS, UI ->
                        builder.set(tag, vr, SECRET.getBytes(UTF_8));
                    case OB, OW, UN, OF, OD, OL -> builder.set(tag, vr, (SECRET + "_").getBytes(UTF_8));
                    default -> builder.set(tag, Vr.UN, SECRET.getBytes(UTF_8));
                }
            }
        }
        assertThat(planted).isGreaterThan(400);
        return builder;
    }

    private static byte[] pixels(Path file, DicomHeader header) throws IOException {
        DicomElement pixels = header.pixelData().orElseThrow();
        return Arrays.copyOfRange(
                Files.readAllBytes(file), (int) pixels.offset(), (int) (pixels.offset() + pixels.length()));
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), ISO_8859_1);
    }

    private static String dcmdump(Path file) throws IOException {
        try {
            Process process = new ProcessBuilder("dcmdump", "-q", "+L", file.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(process.waitFor()).as(output).isZero();
            return output;
        } catch (IOException absent) {
            assumeTrue(false, "skipped: no dcmdump here (package dcmtk)");
            throw absent;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
