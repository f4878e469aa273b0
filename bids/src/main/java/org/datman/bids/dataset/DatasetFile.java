package org.datman.bids.dataset;

import java.nio.file.Path;

/**
 * A file, or a folder that counts as one ({@code sub-01_meg.ds/}).
 *
 * @param folder it is in
 * @param path within the dataset: {@code /sub-01/anat/sub-01_T1w.nii.gz}; a folder's ends with a slash
 * @param size bytes
 * @param onDisk where it can be read
 */
public record DatasetFile(Folder folder, String name, String path, BidsFileName parts, long size, Path onDisk) {

    static DatasetFile of(Folder folder, String name, long size) {
        return new DatasetFile(
                folder,
                name,
                folder.child(name),
                BidsFileName.parse(name),
                size,
                folder.onDisk().resolve(name));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DatasetFile file && file.path.equals(path) && file.onDisk.equals(onDisk);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    @Override
    public String toString() {
        return path;
    }
}
