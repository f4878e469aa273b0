package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesTagged;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real series of six vendors are exported with the voxels of their references. */
class RealSeriesTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "siemens-prisma-vd13-multiecho, 2_me_FieldMap_GRE",
        "siemens-prisma-vd13-multiecho, 3_me_FieldMap_GRE",
        "siemens-prisma-vd13-multiecho, 4_me_fMRI",
        "siemens-prisma-ve11-t1-dwi, 4_ep2d_diff_mddw_20_p2",
        "siemens-skyra-ve11-epi-phantom, mr_0003",
        "siemens-prisma-xa30-enhanced, 10_DWI_dir80_PA",
        "siemens-prisma-xa30-enhanced, 14_DWI_dir80_PA",
        "siemens-prisma-xa30-enhanced, 8_gre_field_mapping",
        "siemens-prisma-xa30-classic-vs-enhanced-phantom, enhanced-5",
        "ge-mr750-bold, mr_0004",
        "ge-architect-b0map, 6_CV_Neuro",
        "ge-premier-localizer-bold-phantom, 01_3_Plane_Localizer_FF",
        "philips-elition-classic, 2001_fcMRI_Field_Mapping",
        "philips-elition-classic, 1901_3DpCASL",
        "uih-umr770-dwi, 12_dti_tra_dir16_PA_rot",
        "canon-galan-v61-dwi, enhanced-3000",
        "acr-phantom, Siemens",
    })
    void voxelsAreThoseOfTheReference(String session, String archive) throws IOException {
        try (ExportFixture fixture = new ExportFixture(folder)) {
            // Given
            Session loaded = fixture.loadShared(session, archive);
            assertThat(loaded.scans()).hasSize(1);
            Scan scan = loaded.scans().get(0);
            SeriesTagged tagged = fixture.tagged(loaded, scan, ExportFixture.tag("T1", "05", "real"));

            // When
            SeriesExported exported = fixture.export(tagged);

            // Then
            List<SharedData.Reference> expected = SharedData.reference(session, archive);
            assertThat(exported.outcome()).as("%s", exported.reason()).isEqualTo(Outcome.EXPORTED);
            assertThat(fixture.voxels(exported).values())
                    .containsExactlyInAnyOrderElementsOf(
                            expected.stream().map(SharedData.Reference::voxels).toList());
            assertThat(exported.products().stream().map(RealSeriesTest::shape))
                    .containsExactlyInAnyOrderElementsOf(
                            expected.stream().map(SharedData.Reference::shape).toList());
            assertThat(exported.products().get(0).stem()).isEqualTo(ExportFixture.SESSION + "_T1_05_real");
        }
    }

    private static String shape(SeriesExported.Product product) {
        List<Integer> dims = product.dimensions();
        return dims.stream()
                .limit(dims.get(3) == 1 ? 3 : 4)
                .map(String::valueOf)
                .collect(Collectors.joining("x"));
    }
}
