// All of lodash that junit-report-builder uses: the whole is 500 kB of which nothing can be left out.
import forEach from 'lodash/forEach.js';
import isDate from 'lodash/isDate.js';

export default { forEach, isDate };
