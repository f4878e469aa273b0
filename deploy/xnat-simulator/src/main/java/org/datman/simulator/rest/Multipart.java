package org.datman.simulator.rest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.apache.commons.fileupload.FileItemIterator;
import org.apache.commons.fileupload.FileUpload;
import org.apache.commons.fileupload.FileUploadException;
import org.apache.commons.fileupload.UploadContext;
import org.datman.simulator.http.Call;

/** Uploads as browsers and some clients send them: multipart/form-data with the file as one of its parts. */
final class Multipart {

    /** The first file of a form and its name there. */
    record Part(String name, Path file) {}

    private Multipart() {}

    static boolean is(Call call) {
        return call.header("content-type").startsWith("multipart/form-data");
    }

    /**
     * The first part with a file name, kept as a file.
     *
     * @throws IOException when the body is not what its content type says
     */
    static Optional<Part> file(Call call, Uploads uploads) throws IOException {
        try {
            FileItemIterator parts = new FileUpload().getItemIterator(new Body(call));
            while (parts.hasNext()) {
                var part = parts.next();
                if (part.isFormField()) continue;
                var name = part.getName();
                var folder = uploads.newFolder("form-");
                // Archives are told by their names, so the name's last part stays.
                var file = folder.resolve(name.substring(name.replace('\\', '/').lastIndexOf('/') + 1));
                try (var in = part.openStream()) {
                    Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                }
                return Optional.of(new Part(file.getFileName().toString(), file));
            }
            return Optional.empty();
        } catch (FileUploadException malformed) {
            throw new IOException("The form cannot be read: " + malformed.getMessage(), malformed);
        }
    }

    private record Body(Call call) implements UploadContext {

        @Override
        public String getCharacterEncoding() {
            return "UTF-8";
        }

        @Override
        public String getContentType() {
            return call.header("content-type");
        }

        @Override
        @Deprecated
        public int getContentLength() {
            return (int) Math.min(contentLength(), Integer.MAX_VALUE);
        }

        @Override
        public long contentLength() {
            try {
                return Files.size(call.body());
            } catch (IOException unknown) {
                return -1;
            }
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return Files.newInputStream(call.body());
        }
    }
}
