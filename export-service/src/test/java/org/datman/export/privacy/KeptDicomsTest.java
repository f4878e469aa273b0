package org.datman.export.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.KeptDicom;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.contracts.provenance.Provenance;
import org.datman.contracts.study.Part;
import org.datman.export.dicom.DicomFacts;
import org.datman.export.layout.ExportInputs;
import org.datman.export.layout.FileLayout;
import org.datman.export.layout.FileLayout.Product;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptDicomsTest {

    private static final DicomFacts FACTS =
            new DicomFacts("one.dcm", Optional.empty(), Optional.empty(), Optional.empty(), Part.MAGNITUDE, "");

    @TempDir
    private Path folder;

    @Test
    void aFileOfSeveralProductsIsCopiedOnce() throws IOException {
        // Given
        Path received = folder.resolve("one.dcm");
        DicomWriter.write(
                received,
                DicomDataset.builder()
                        .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4.1")
                        .set("SOPInstanceUID", "1.2.3")
                        .set("PatientName", "Nobody^Here")
                        .set(Tag.PIXEL_DATA, Vr.OW, new short[4])
                        .build());

        // When
        FileLayout blanked =
                KeptDicoms.of(layout(received, "a-e1", "a-e2", "a-e3"), inputs(received), KeptDicom.BLANKED, folder);

        // Then
        assertThat(blanked.refused()).isEmpty();
        assertThat(blanked.products()).hasSize(3);
        assertThat(blanked.products().stream()
                        .map(product -> product.files().get(FileRole.DICOM))
                        .distinct())
                .singleElement()
                .satisfies(copy -> assertThat(copy).isNotEqualTo(received).isRegularFile());
    }

    @Test
    void aFileOfWhichNoCopyCanBeMadeIsRefused() throws IOException {
        // Given
        Path received = folder.resolve("one.dcm");
        Files.write(received, new byte[200]);

        // When
        FileLayout refused = KeptDicoms.of(layout(received, "a"), inputs(received), KeptDicom.BLANKED, folder);

        // Then
        assertThat(refused.products()).isEmpty();
        assertThat(refused.refused()).extracting(Reason::code).containsExactly("dicom-not-blanked");
    }

    private static FileLayout layout(Path received, String... stems) {
        Assignment tag = new Assignment(
                "T1",
                stems[0],
                "anat",
                List.of("dcm"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new FileLayout(
                Stream.of(stems)
                        .map(stem -> new Product(stem, tag, null, Map.of(FileRole.DICOM, received), FACTS, null))
                        .toList(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private static ExportInputs inputs(Path received) {
        Provenance.SourceFile file =
                new Provenance.SourceFile("one.dcm", 1, "", "5ha", true, Provenance.IMAGE, "one.dcm", Optional.empty());
        return new ExportInputs(
                List.of(),
                List.of(new ExportInputs.Dicom(FACTS, received, null)),
                null,
                new Provenance.Source("", "", List.of(file), List.of(), Optional.empty(), Optional.empty()),
                null,
                "");
    }
}
