package org.datman.export.privacy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.KeptDicom;
import org.datman.contracts.event.Reason;
import org.datman.export.layout.ExportInputs;
import org.datman.export.layout.FileLayout;
import org.datman.export.layout.FileLayout.Product;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.deidentification.Deidentification;
import org.jspecify.annotations.Nullable;

/** Brings the DICOM files that are kept of a series to the form in which the study keeps them. */
public final class KeptDicoms {

    private KeptDicoms() {}

    /**
     * A layout whose DICOM files are as the study keeps them. Files that lie in the archive already stay as they are. A file of which no
     * copy without the person's data can be made is not kept, and the layout states why.
     *
     * @param folder in the work directory, for the copies
     */
    public static FileLayout of(FileLayout layout, ExportInputs inputs, KeptDicom wanted, Path folder)
            throws IOException {
        List<Product> products = new ArrayList<>();
        List<Reason> refused = new ArrayList<>(layout.refused());
        // One file may hold the frames of several products, and is published once then.
        Map<Path, Path> copies = new HashMap<>();
        for (Product product : layout.products()) {
            Path received = product.files().get(FileRole.DICOM);
            ExportInputs.Kept kept = received == null ? null : kept(product, inputs);
            if (received == null || kept != null) {
                products.add(product.with(product.files(), kept));
                continue;
            }
            Map<FileRole, Path> files = new LinkedHashMap<>(product.files());
            try {
                if (wanted == KeptDicom.BLANKED) {
                    Path blanked = copies.get(received);
                    if (blanked == null) {
                        blanked = folder.resolve("blanked-" + copies.size() + ".dcm");
                        Deidentification.copy(received, blanked);
                        copies.put(received, blanked);
                    }
                    files.put(FileRole.DICOM, blanked);
                }
                products.add(product.with(files, new ExportInputs.Kept(wanted, digest(product, inputs))));
            } catch (ImageFormatException | IllegalArgumentException e) {
                refused.add(new Reason(
                        "dicom-not-blanked",
                        "The DICOM file of " + product.stem()
                                + " is not kept, because no copy without the person's data" + " could be made: "
                                + e.getMessage(),
                        "Send the series from the scanner again; the server has the files in this state"));
                files.remove(FileRole.DICOM);
                if (!files.isEmpty()) {
                    products.add(product.withoutDicom(files));
                }
            }
        }
        return new FileLayout(products, layout.named(), layout.unmet(), layout.leftOut(), refused);
    }

    private static ExportInputs.@Nullable Kept kept(Product product, ExportInputs inputs) {
        return inputs.dicoms().stream()
                .filter(dicom -> dicom.facts().equals(product.dicom()))
                .findFirst()
                .map(ExportInputs.Dicom::kept)
                .orElse(null);
    }

    private static String digest(Product product, ExportInputs inputs) {
        return inputs.source().files().stream()
                .filter(file -> product.dicom() != null
                        && file.path().equals(product.dicom().path()))
                .findFirst()
                .orElseThrow()
                .sha256();
    }
}
