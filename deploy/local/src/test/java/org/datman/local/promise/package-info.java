/** What texts promise people, held against what there is. */
package org.datman.local.promise;
