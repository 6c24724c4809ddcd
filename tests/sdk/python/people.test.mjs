// PyPI appwrite 27 and 13.
import { people } from './people.mjs';

people('27');
people('13');
