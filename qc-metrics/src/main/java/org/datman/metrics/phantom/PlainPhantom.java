package org.datman.metrics.phantom;

import java.util.List;
import org.datman.metrics.KindMeasurement;
import org.datman.metrics.Stages;
import org.datman.metrics.input.MeasureException;
import org.datman.metrics.input.Scan;
import org.datman.metrics.model.Findings;
import org.datman.metrics.other.OtherMeasurement;
import org.datman.metrics.picture.Picture;

/**
 * Phantoms whose own analysis DATMAN does not have: the spheres of the ADNI phantom, the numbers of the DTI phantom. What every image has
 * is measured, and the report says in so many words that the rest is missing.
 */
public final class PlainPhantom implements KindMeasurement {

    private final KindMeasurement plain = new OtherMeasurement();

    @Override
    public List<String> kinds() {
        return List.of("adni", "dti-phantom");
    }

    @Override
    public List<Picture> measure(Scan scan, Findings findings, Stages stages) throws MeasureException {
        boolean adni = "adni".equals(scan.request().kind());
        findings.unknown("phantom_analysis", adni ? "adni_spheres_not_analysed" : "dti_phantom_not_analysed");
        return plain.measure(scan, findings, stages);
    }
}
