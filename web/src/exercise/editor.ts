import { mount } from 'svelte';
import '../app.css';
import '../lib/theme.svelte';
import { firstLanguage, speak } from '../lib/i18n.svelte';
import Editor from './Editor.svelte';

void speak(firstLanguage()).catch(() => undefined).then(() => mount(Editor, { target: document.getElementById('app')! }));
