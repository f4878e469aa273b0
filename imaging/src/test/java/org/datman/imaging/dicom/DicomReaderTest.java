package org.datman.imaging.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.datman.imaging.Allocation;
import org.datman.imaging.ImageFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DicomReaderTest {

    @TempDir
    Path dir;

    @ParameterizedTest
    @CsvSource({
        "1.2.840.10008.1.2, false",
        "1.2.840.10008.1.2, true",
        "1.2.840.10008.1.2.1, false",
        "1.2.840.10008.1.2.1, true",
        "1.2.840.10008.1.2.1.99, false",
        "1.2.840.10008.1.2.2, false",
        "1.2.840.10008.1.2.2, true"
    })
    void everyCodingGivesTheSameValues(String syntaxUid, boolean undefinedLengths) throws IOException {
        // Given
        byte[] file = SampleFiles.file(TransferSyntax.of(syntaxUid), undefinedLengths);

        // When
        DicomHeader header = read(file, ReadOptions.WHOLE);

        // Then
        assertThat(header.transferSyntax().uid()).isEqualTo(syntaxUid);
        assertThat(header.strings("ImageType")).containsExactly("ORIGINAL", "PRIMARY", "M", "ND");
        assertThat(header.string("SeriesDescription")).contains("Kopf Übersicht");
        assertThat(header.string("PatientName")).contains("Test^Grün");
        assertThat(header.integer("SeriesNumber")).hasValue(7);
        assertThat(header.integer("SmallestImagePixelValue")).hasValue(4);
        assertThat(header.doubles("ImagePositionPatient")).containsExactly(-123.25, 0.5, 0.001);
        assertThat(header.string("FrameIncrementPointer")).contains("(0018,1063)");
        assertThat(header.strings("ImageComments")).containsExactly("one \\ text");
        assertThat(header.sequence("ReferencedImageSequence")).isEmpty();
        assertThat(header.findFirst("RepetitionTime").orElseThrow().doubles()).containsExactly(2000);
        assertThat(header.findFirst("EffectiveEchoTime").orElseThrow().doubles())
                .containsExactly(30);
        assertThat(header.string("AccessionNumber")).isEmpty();
        assertThat(header.pixelData().orElseThrow().length()).isEqualTo(32);
        assertThat(header.remarks()).isEmpty();
        assertThat(SiemensCsa.imageHeader(header.dataset()).orElseThrow())
                .containsEntry("MosaicRefAcqTimes", List.of("0.00000000", "1000.00000000"));
    }

    @Test
    void valuesBetweenBackslashesKeepTheirPlaces() throws IOException {
        // Given: values that are empty, first, between others and last
        DicomDataset written = SampleFiles.headerOnly()
                .set("ImageType", "", "PRIMARY ", "", "ND", "")
                .set("PixelSpacing", "2.5", "x")
                .build();
        byte[] file = SampleFiles.file(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, false, written);

        // When
        DicomDataset dataset = read(file, ReadOptions.HEADER).dataset();

        // Then
        assertThat(dataset.strings("ImageType")).containsExactly("", "PRIMARY", "", "ND", "");
        assertThat(dataset.doubles("PixelSpacing")).containsExactly(2.5, Double.NaN);
    }

    @Test
    void privateElementsAreFoundByTheirCreatorWhereverItsBlockIs() throws IOException {
        // Given
        DicomDatasetBuilder builder = SampleFiles.headerOnly();
        builder.privateTag(0x2001, "SOMEBODY ELSE", 0x03);
        int second = builder.privateTag(0x2001, "A THIRD ONE", 0x03);
        builder.set(second, Vr.DS, 7.5);
        byte[] file = SampleFiles.file(TransferSyntax.EXPLICIT_VR_BIG_ENDIAN, false, builder.build());

        // When
        DicomDataset dataset = read(file, ReadOptions.HEADER).dataset();

        // Then
        assertThat(dataset.privateElement(0x2001, "A THIRD ONE", 0x03)
                        .orElseThrow()
                        .doubles())
                .containsExactly(7.5);
        assertThat(dataset.privateElement(0x2001, "Philips Imaging DD 001", 0x03)
                        .orElseThrow()
                        .doubles()[0])
                .isEqualTo(1000.5, within(1e-6));
        assertThat(dataset.privateElement(0x2001, "NOBODY", 0x03)).isEmpty();
        assertThat(second).isEqualTo(0x20011203);
    }

    @Test
    void encapsulatedPixelDataAreSkippedToWhatFollows() throws IOException {
        // Given
        byte[] file = SampleFiles.encapsulated();

        // When
        DicomHeader whole = read(file, ReadOptions.WHOLE);

        // Then
        assertThat(whole.pixelData().orElseThrow().length()).isEqualTo(DicomElement.UNDEFINED_LENGTH);
        assertThat(whole.dataset().contains(0xFFFCFFFC)).isTrue();
        assertThat(read(file, ReadOptions.HEADER).dataset().contains(0xFFFCFFFC))
                .isFalse();
    }

    @Test
    void sequencesStoredAsUnknownAreReadAsImplicitVr() throws IOException {
        // Given
        byte[] file = SampleFiles.hiddenSequences();

        // When
        DicomDataset dataset = read(file, ReadOptions.HEADER).dataset();

        // Then
        assertThat(dataset.sequence(0x00091001).get(0).number("EchoTime")).hasValue(30);
        assertThat(dataset.sequence(0x00091002).get(0).number("EchoTime")).hasValue(20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"})
    void aDatasetWithoutPreambleAndFileMetaIsReadWithARemark(String syntaxUid) throws IOException {
        // Given
        byte[] file = SampleFiles.file(TransferSyntax.of(syntaxUid), false);
        int metaLength = file[140] & 0xff;
        Path bare = dir.resolve("bare");
        Files.write(bare, Arrays.copyOfRange(file, 144 + metaLength, file.length));

        // When
        DicomHeader header = DicomReader.read(bare);

        // Then
        assertThat(header.transferSyntax().uid()).isEqualTo(syntaxUid);
        assertThat(header.integer("SeriesNumber")).hasValue(7);
        assertThat(header.remarks()).hasSize(2);
        assertThat(DicomReader.isDicom(bare)).isTrue();
    }

    @Test
    void whatIsNoDicomIsCalledNone() throws IOException {
        // Given
        Path text = dir.resolve("README.md");
        Files.writeString(text, "# A text that is long enough to hold a preamble\n".repeat(10));

        // When
        boolean dicom = DicomReader.isDicom(text);

        // Then
        assertThat(dicom).isFalse();
        assertThatThrownBy(() -> DicomReader.read(text))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageContaining("not a DICOM file");
    }

    @ParameterizedTest
    @CsvSource({
        "ISO_IR 100, M\u00fcller, ISO-8859-1",
        "ISO_IR 101, \u0160ime\u010dek, ISO-8859-2",
        "ISO_IR 144, \u041b\u044e\u043a\u0441, ISO-8859-5",
        "ISO_IR 126, \u0394\u03b9\u03bf\u03bd, ISO-8859-7",
        "ISO_IR 148, \u015eahin, ISO-8859-9",
        "ISO_IR 166, \u0e19\u0e32\u0e21, TIS-620",
        "ISO_IR 192, \u738b\u5c0f\u6771, UTF-8",
        "GB18030, \u738b\u5c0f\u4e1c, GB18030"
    })
    void characterSets(String name, String text, String charset) throws IOException {
        // Given
        DicomDataset dataset = SampleFiles.headerOnly()
                .set("SpecificCharacterSet", name)
                .set("SeriesDescription", "x")
                .set("PatientName", "x")
                .set(Dictionary.tagOf("ProtocolName"), Vr.LO, text.getBytes(Charset.forName(charset)))
                .build();

        // When
        DicomHeader header =
                read(SampleFiles.file(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, false, dataset), ReadOptions.HEADER);

        // Then
        assertThat(header.string("ProtocolName")).contains(text);
    }

    @Test
    void escapeSequencesSwitchTheAlphabet() throws IOException {
        // Given
        byte[] file = SampleFiles.japanese();

        // When
        DicomHeader header = read(file, ReadOptions.HEADER);

        // Then
        assertThat(header.string("PatientName")).contains("Yamada^Tarou=\u5c71\u7530^\u592a\u90ce");
    }

    @Test
    void koreanNamesKeepTheirAlphabetUpToTheDelimiter() {
        // Given
        CharacterSets sets = CharacterSets.of(List.of("", "ISO 2022 IR 149"));
        byte[] name = SampleFiles.hex("486F6E67 5E 47696C 3D 1B242943 FBF3 5E 1B242943 D1CED4D7");

        // When
        String text = sets.decode(name, true);

        // Then
        assertThat(text).isEqualTo("Hong^Gil=\u6d2a^\u5409\u6d1e");
    }

    @Test
    void aCutFileStatesWhereItEnds() throws IOException {
        // Given
        byte[] file = SampleFiles.file(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, false);
        byte[] cut = Arrays.copyOf(file, file.length - 5);

        // When / Then
        assertThatThrownBy(() -> read(cut, ReadOptions.WHOLE))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageContaining("(7FE0,0010)")
                .hasMessageContaining("5 bytes are missing")
                .hasMessageContaining("truncated");
        assertThat(read(cut, ReadOptions.HEADER).integer("Rows")).hasValue(4);
    }

    @Test
    void aLyingLengthClaimsNoMemory() {
        // Given
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SampleFiles.file(
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                false,
                SampleFiles.headerOnly().build()));
        out.writeBytes(SampleFiles.hex("FE7F0100 55540000 F0FFFF0F 41414141"));
        long before = Allocation.soFar();

        // When / Then
        assertThatThrownBy(() -> read(out.toByteArray(), ReadOptions.HEADER)).isInstanceOf(ImageFormatException.class);
        assertThat(Allocation.soFar() - before).isLessThan(4L << 20);
    }

    @Test
    void nestingBombsAreRefused() {
        // Given
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SampleFiles.file(
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                false,
                SampleFiles.headerOnly().build()));
        byte[] level = SampleFiles.hex("08004011 53510000 FFFFFFFF FEFF00E0 FFFFFFFF");
        for (int i = 0; i < 100_000; i++) {
            out.writeBytes(level);
        }

        // When / Then
        assertThatThrownBy(() -> read(out.toByteArray(), ReadOptions.HEADER))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageContaining("nested deeper than 64");
    }

    @Test
    void manyTinyElementsAreRefusedBeforeTheyFillTheMemory() {
        // Given
        byte[] start = SampleFiles.file(
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                false,
                SampleFiles.headerOnly().build());
        byte[] file = Arrays.copyOf(start, start.length + 8 * 100_000);
        for (int at = start.length; at < file.length; at += 8) {
            System.arraycopy(SampleFiles.hex("FE7F0100 43530000"), 0, file, at, 8);
        }
        ReadOptions small = new ReadOptions(true, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 64);

        // When / Then
        assertThatThrownBy(() -> read(file, small))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageContaining("more than 1048576 bytes of memory");
    }

    @Test
    void deflateBombsAreRefused() throws IOException {
        // Given
        byte[] plain = SampleFiles.file(TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, false);
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.write(plain, 0, 144 + (plain[140] & 0xff));
        Deflater deflater = new Deflater(9, true);
        try (OutputStream packed = new DeflaterOutputStream(bomb, deflater)) {
            packed.write(SampleFiles.hex("09000110 4F420000 F0FFFFFF"));
            packed.write(new byte[64 << 20]);
        }
        deflater.end();
        ReadOptions small = new ReadOptions(true, 1 << 20, 1 << 20, 256 << 20, 16 << 20, 64);

        // When / Then
        assertThat(bomb.size()).isLessThan(100_000);
        assertThatThrownBy(() -> read(bomb.toByteArray(), small))
                .isInstanceOf(ImageFormatException.class)
                .hasMessageContaining("inflates to more");
    }

    @Test
    void messagesNeverQuoteValues() {
        // Given
        byte[] file = SampleFiles.file(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, false);
        String name = "Gr\u00fcn";

        // When
        for (int length = 200; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);

            // Then
            try {
                read(cut, ReadOptions.WHOLE);
            } catch (IOException e) {
                assertThat(e).isInstanceOf(ImageFormatException.class);
                assertThat(e.getMessage()).doesNotContain(name).doesNotContain("Test^");
            }
        }
    }

    @Test
    void theOlderCsaFormIsReadToo() throws IOException {
        // Given
        byte[] csa = SampleFiles.csaHeader(false);

        // When
        Map<String, List<String>> header = SiemensCsa.parse(csa);

        // Then
        assertThat(header)
                .containsEntry("MosaicRefAcqTimes", List.of("0.00000000", "1000.00000000"))
                .containsEntry("PhaseEncodingDirectionPositive", List.of("1"));
    }

    @Test
    void theProtocolBlockIsKeysAndValues() {
        // Given
        String text = "noise\n### ASCCONV BEGIN object=MrProtDataImpl ###\nulVersion\t = \t0x14b44b6\n"
                + "tProtocolName\t = \t\"\"ep2d_bold\"\"\nsSliceArray.lSize = 35\n### ASCCONV END ###\nalTR[0] = 1\n";

        // When
        Map<String, String> protocol = SiemensCsa.parseProtocol(text);

        // Then
        assertThat(protocol)
                .containsOnlyKeys("ulVersion", "tProtocolName", "sSliceArray.lSize")
                .containsEntry("tProtocolName", "ep2d_bold")
                .containsEntry("sSliceArray.lSize", "35");
    }

    @Test
    void textIsReadByTheCharacterSetOfItsItem() throws IOException {
        // Given
        DicomDataset item = DicomDataset.builder()
                .set("SpecificCharacterSet", "ISO_IR 100")
                .set("CodeMeaning", "Sch\u00e4del")
                .build();
        DicomDataset dataset =
                SampleFiles.headerOnly().set("AnatomicRegionSequence", item).build();

        // When
        DicomHeader header =
                read(SampleFiles.file(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, true, dataset), ReadOptions.HEADER);

        // Then
        assertThat(header.sequence("AnatomicRegionSequence").get(0).string("CodeMeaning"))
                .contains("Sch\u00e4del");
        assertThat(header.string("SeriesDescription").orElseThrow().getBytes(StandardCharsets.UTF_8))
                .hasSize(15);
    }

    private static DicomHeader read(byte[] file, ReadOptions options) throws IOException {
        return DicomReader.read(new ByteArrayInputStream(file), options);
    }

    @ParameterizedTest
    @CsvSource({
        "1.50, 1.5",
        "+3, 3",
        "2.30E3, 2300",
        "-.5, -0.5",
        "-0.0, 0",
        "0.937500000000001, 0.937500000000001",
        "1e-7, 0.0000001",
        "12345678901234567890, 12345678901234567000",
        "1.50\\2.0, 1.5\\2",
        "none, none",
        "0x10, 0x10",
        "1d, 1d",
        "-1.50e-30, -1.5E-30",
        "1e999, 1e999"
    })
    void aNumberStringIsItsValue(String stored, String text) {
        // Given
        DicomHeader header = new DicomHeader(
                DicomDataset.builder().build(),
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                DicomDataset.builder()
                        .set("RepetitionTime", stored.split(Pattern.quote("\\")))
                        .set("ProtocolName", stored)
                        .build(),
                List.of());

        // When
        Map<String, String> texts = header.texts(List.of("RepetitionTime", "ProtocolName"));

        // Then
        assertThat(texts).isEqualTo(Map.of("RepetitionTime", text, "ProtocolName", stored));
    }
}
