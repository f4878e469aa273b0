package org.datman.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.datman.imaging.deidentification.Deidentification;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Dictionary;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the comparison of headers reads stays when a file is de-identified. */
class DeidentifiedHeadersTest {

    @TempDir
    private Path folder;

    /** Those that the table names, and those that only {@link DerivedFields} and {@link SeriesRecords} read. */
    static Stream<Source.Private> elementsOfManufacturers() {
        Stream<Source> inTable = FieldTable.all().stream().flatMap(field -> field.sources().stream());
        Stream<Source> inCode = Stream.of(
                        "(0019,SIEMENS MR HEADER,0A)",
                        "(0021,SIEMENS MR SDI 02,1C)",
                        "(0021,SIEMENS MR SDI 02,75)",
                        "(0021,SIEMENS MR SDS 01,19)",
                        "(0021,SIEMENS MR SDS 01,75)",
                        "(0029,SIEMENS CSA HEADER,10)",
                        "(0029,SIEMENS CSA HEADER,20)",
                        "(0043,GEMS_PARM_01,02)",
                        "(0043,GEMS_PARM_01,03)",
                        "(0043,GEMS_PARM_01,04)",
                        "(0043,GEMS_PARM_01,39)",
                        "(0043,GEMS_PARM_01,83)",
                        "(0043,GEMS_PARM_01,B6)",
                        "(2005,Philips MR Imaging DD 001,0E)")
                .map(Source::parse);
        return Stream.concat(inTable, inCode)
                .filter(Source.Private.class::isInstance)
                .map(Source.Private.class::cast)
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("elementsOfManufacturers")
    void anElementThatIsReadStays(Source.Private source) throws IOException {
        // Given
        DicomDatasetBuilder image = image();
        int tag = image.privateTag(source.group(), source.creator(), source.elementByte());
        DicomWriter.write(
                folder.resolve("file.dcm"),
                image.set(tag, Vr.UN, "12".getBytes(StandardCharsets.US_ASCII)).build());

        // When
        Deidentification.copy(folder.resolve("file.dcm"), folder.resolve("clean.dcm"));

        // Then
        assertThat(DicomReader.read(folder.resolve("clean.dcm"))
                        .dataset()
                        .privateElement(source.group(), source.creator(), source.elementByte()))
                .isPresent();
    }

    static List<String> keywords() {
        return FieldTable.all().stream()
                .flatMap(field -> field.sources().stream())
                .filter(Source.Public.class::isInstance)
                .map(source -> ((Source.Public) source).keyword())
                .filter(keyword -> Dictionary.tag(keyword).isPresent())
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("keywords")
    void aPublicElementThatIsReadStays(String keyword) throws IOException {
        // Given
        int tag = Dictionary.tagOf(keyword);
        DicomWriter.write(
                folder.resolve("file.dcm"),
                image().set(tag, Vr.LO, "12".getBytes(StandardCharsets.US_ASCII))
                        .build());

        // When
        Deidentification.copy(folder.resolve("file.dcm"), folder.resolve("clean.dcm"));

        // Then
        assertThat(DicomReader.read(folder.resolve("clean.dcm")).dataset().string(tag))
                .contains("12");
    }

    private static DicomDatasetBuilder image() {
        return DicomDataset.builder()
                .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                .set("SOPInstanceUID", "1.2.3")
                .set(Tag.PIXEL_DATA, Vr.OW, new short[4]);
    }
}
