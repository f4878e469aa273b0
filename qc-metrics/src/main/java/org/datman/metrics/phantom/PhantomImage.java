package org.datman.metrics.phantom;

import java.util.List;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Masks;
import org.datman.analysis.spike.Herringbone;
import org.datman.metrics.common.AllKinds;
import org.datman.metrics.common.Background;
import org.datman.metrics.common.EmptyImage;
import org.datman.metrics.common.HardwareView;
import org.datman.metrics.common.StorageScan;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.kind.Stages;
import org.datman.metrics.model.Findings;
import org.datman.metrics.model.MeasureException;
import org.datman.plots.picture.Picture;

/**
 * First part of every phantom's measurement: storage, masks, air, the metrics of all kinds.
 *
 * @param volume the first volume
 * @param automask bright part of the phantom
 * @param inner the automask without its edge
 * @param object all of the phantom
 * @param air background of the volume
 */
record PhantomImage(Volume volume, Mask automask, Mask inner, Mask object, Background air) {

    /** Measures the first volume; an image without a phantom is rejected. */
    static PhantomImage of(ScanData scan, Findings findings, Stages stages) throws MeasureException {
        findings.put("n_volumes", scan.volumes());
        stages.run("storage", () -> StorageScan.measure(scan, findings));
        Volume first = scan.series().volume(0);
        Mask automask = stages.run("masks", () -> Masks.automask(scan.grid(), first.data(), 0.5, 0));
        EmptyImage.refuse(automask, "phantom");
        return stages.run("image", () -> {
            Mask inner = Masks.inner(automask);
            Mask object = Masks.object(automask, first.data());
            Background air = Background.of(Masks.airAround(object, scan.axes().phase()), first.data());
            AllKinds.measure(scan, first.data(), first.data(), automask, inner, air, findings);
            return new PhantomImage(first, automask, inner, object, air);
        });
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V8">V8</a>, <a href="{@docRoot}/../docs/qc-specification.md#V9">V9</a> and <a href="{@docRoot}/../docs/qc-specification.md#V10">V10</a> of the air of the first volume; none where the air was set to zero. */
    List<Picture> hardware(ScanData scan) {
        if (air.reason() != null) {
            return List.of();
        }
        Herringbone wave = Herringbone.of(
                scan.grid(), volume.data(), air.candidates(), scan.axes().slice());
        return HardwareView.ofAir(scan, volume.data(), air.candidates(), wave);
    }
}
