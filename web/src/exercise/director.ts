import { mount } from 'svelte';
import '../app.css';
import '../lib/theme.svelte';
import { firstLanguage, speak } from '../lib/i18n.svelte';
import Director from './Director.svelte';

void speak(firstLanguage()).catch(() => undefined).then(() => mount(Director, { target: document.getElementById('app')! }));
