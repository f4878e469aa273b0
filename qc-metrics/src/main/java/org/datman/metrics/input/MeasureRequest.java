package org.datman.metrics.input;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.util.Objects;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.verdict.QcConfig;
import org.jspecify.annotations.Nullable;

/**
 * Input of a measurement.
 *
 * @param series name of the series in the report, usually the file stem
 * @param kind how it is measured
 * @param nifti the image
 * @param sidecar JSON beside it, or null
 * @param bval b-values, or null
 * @param bvec gradient directions, or null
 * @param dicom one DICOM of the series, or null
 * @param expectedVolumes number of volumes by the protocol, or null when unknown
 * @param config limits and options
 * @param references what it is compared with
 */
@RecordBuilder
public record MeasureRequest(
        String series,
        QcKind kind,
        Path nifti,
        @Nullable Path sidecar,
        @Nullable Path bval,
        @Nullable Path bvec,
        @Nullable Path dicom,
        @Nullable Integer expectedVolumes,
        QcConfig config,
        References references)
        implements MeasureRequestBuilder.With {

    public MeasureRequest {
        Objects.requireNonNull(series, "series");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(nifti, "nifti");
        Objects.requireNonNull(config, "config");
        Objects.requireNonNull(references, "references");
    }

    /** An image without companions, default limits, no references. */
    public static MeasureRequest of(String series, QcKind kind, Path nifti) {
        return MeasureRequestBuilder.builder()
                .series(series)
                .kind(kind)
                .nifti(nifti)
                .config(QcConfig.defaults())
                .references(References.NONE)
                .build();
    }

    public MeasureRequest withGradients(Path bvalFile, Path bvecFile) {
        return with(request -> request.bval(bvalFile).bvec(bvecFile));
    }
}
