package org.datman.pipeline.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.datman.contracts.study.PipelineRule.Container;
import org.datman.pipeline.boutiques.Descriptor;
import org.datman.pipeline.boutiques.DescriptorException;
import org.datman.pipeline.boutiques.DescriptorReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PinnedImageTest {

    private static final String HEX = "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "image": "nipreps/mriqc@sha256:HEX"                                              | docker.io/nipreps/mriqc
            "image": "docker://nipreps/mriqc:24.0.2@sha256:HEX"                              | docker.io/nipreps/mriqc
            "image": "busybox:1.36", "container-hash": "sha256:HEX"                          | docker.io/library/busybox
            "image": "busybox", "container-hash": "HEX", "index": "http://index.docker.io"   | docker.io/library/busybox
            "image": "lab/tool", "container-hash": "HEX", "index": "quay.io"                 | quay.io/lab/tool
            "image": "registry.lab.org:5000/a/b:1", "container-hash": "HEX"                  | registry.lab.org:5000/a/b
            "image": "localhost/tool@sha256:HEX", "container-hash": "HEX"                    | localhost/tool
            """)
    void anImageIsItsNameWithTheRegistryAndItsDigest(String keys, String name) throws Exception {
        // When
        PinnedImage image = PinnedImage.of(descriptor(keys), Container.PODMAN);

        // Then
        assertThat(image.text()).isEqualTo(name + "@sha256:" + HEX);
        assertThat(PinnedImage.parse(image.text())).isEqualTo(image);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "image": "nipreps/mriqc:24.0.2"                                         | has no digest: 'nipreps/mriqc:24.0.2'; allowed: NAME@sha256:DIGEST
            "image": "nipreps/mriqc@sha256:12"                                      | has 'sha256:12', which is no digest
            "image": "a@sha256:HEX", "container-hash": "sha256:12"                  | is another digest
            "image": "--privileged@sha256:HEX"                                      | is '--privileged@sha256:HEX'; allowed: the name of an image
            "image": "tool.sif", "container-hash": "HEX"                            | is a SIF file, which podman cannot run
            "image": "a@sha256:HEX", "container-opts": ["--privileged"]             | container-image.container-opts is given
            "image": "a@sha256:HEX", "working-directory": "/data"                   | container-image.working-directory is given
            """)
    void whatIsNoImageByItsDigestIsAFaultThatSaysHowToFindIt(String keys, String fault) {
        // When
        var refused = assertThatThrownBy(() -> PinnedImage.of(descriptor(keys), Container.PODMAN));

        // Then
        refused.isInstanceOf(DescriptorException.class).hasMessageContaining(fault.replace("HEX", HEX));
    }

    @Test
    void aFileForApptainerIsItsPathAndItsSha256() throws Exception {
        // When
        PinnedImage image = PinnedImage.of(
                descriptor("\"image\": \"lab/tool.sif\", \"container-hash\": \"HEX\", \"type\": \"singularity\""),
                Container.APPTAINER);

        // Then
        assertThat(image).isEqualTo(new PinnedImage("lab/tool.sif", "sha256:" + HEX));
    }

    @Test
    void aFileOutsideOfItsFolderByDotsIsRefused() {
        // When
        var refused = assertThatThrownBy(() -> PinnedImage.of(
                descriptor("\"image\": \"../tool.sif\", \"container-hash\": \"HEX\""), Container.APPTAINER));

        // Then
        refused.isInstanceOf(DescriptorException.class).hasMessageContaining("allowed: the name of an image");
    }

    private static Descriptor descriptor(String image) throws DescriptorException {
        return DescriptorReader.read(
                "tool.json", """
                {"schema-version": "0.5", "name": "tool", "tool-version": "1", "command-line": "tool [A]",
                 "inputs": [{"id": "a", "type": "File", "value-key": "[A]"}],
                 "output-files": [{"id": "o", "path-template": "o"}],
                 "container-image": {%s}}
                """.formatted(image.replace("HEX", HEX)).getBytes(StandardCharsets.UTF_8));
    }
}
