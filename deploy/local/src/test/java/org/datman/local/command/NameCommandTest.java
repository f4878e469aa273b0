package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class NameCommandTest {

    @TempDir
    Path folder;

    private final StringWriter output = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = DatmanCommand.commandLine(Map.of());
        line.setOut(new PrintWriter(output, true));
        line.setErr(new PrintWriter(output, true));
        return line.execute(arguments);
    }

    @Test
    void anIdentifierOfTheOtherConventionIsMappedAsTheStudyDoesIt() throws IOException {
        // Given
        Path study = Files.writeString(folder.resolve("SPN.yml"), """
                StudyTag: SPN01
                XnatProjects: [SPN01]
                IdMap: {Study: {SPN30: SPN01}, Site: {UTO: UT2}}
                Sites: {UT2: {}}
                Tags: {T1: {Pattern: {SeriesDescription: 'T1'}, QcType: anat}}
                """);

        // When
        int code = run(
                "name",
                "SPN30_UTO_0001_01_SE02_MR",
                "--study",
                study.toString(),
                "--tag",
                "T1",
                "--series",
                "3",
                "--description",
                "Sag T1*");

        // Then
        assertThat(output.toString())
                .contains(
                        "a KCNI identifier",
                        "SPN01_UT2_0001_01_02",
                        "sub-UT20001, ses-01r02\n",
                        "SPN01_UT2_0001_01_02_T1_03_Sag-T1-");
        assertThat(code).isZero();
    }

    @Test
    void aFileAndABidsNameAreTakenApart() {
        // When
        int code = run(
                "name",
                "/data/SPN01_CMH_0001_01_01_DTI60-1000_12_Ax-DTI.nii.gz",
                "sub-CMH0001_ses-01_task-rest_bold.nii.gz");

        // Then
        assertThat(output.toString()).contains("DTI60-1000", "Ax-DTI", "SPN01_CMH_0001_01_01", "a BIDS name", "rest");
        assertThat(code).isZero();
    }

    @Test
    void anotherTextIsRefusedWithTheFieldAndWhatIsAllowed() {
        // When
        int code = run("name", "SPN01_CMH_0001");

        // Then
        assertThat(output.toString()).contains("is no name of DATMAN", "has 3 fields", "STUDY_SITE_SUBJECT_TIMEPOINT");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aTagWithoutASeriesIsRefusedAndNotIgnored() {
        // When
        int code = run("name", "SPN01_CMH_0001_01_01", "--tag", "T1");

        // Then
        assertThat(output.toString()).contains("give both or neither");
        assertThat(code).isEqualTo(2);
    }
}
